#!/usr/bin/env bash
# make.sh: overlay.png, the picture in the README, from the real window on a virtual display, beside the
# demo session. Run by `./dev screenshot`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
bin=$PWD/build/release/bin
work=$(mktemp -d "${TMPDIR:-/tmp}/prefade-picture.XXXXXX")
started=()
finish() {
    trap '' INT TERM
    local i
    for ((i = ${#started[@]} - 1; i >= 0; --i)); do kill "${started[i]}" 2> /dev/null || true; done
    wait
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

eventually() { # command...: until it succeeds, 60 s at most
    local tries=600
    until "$@" > /dev/null 2>&1; do
        [ $((tries -= 1)) != 0 ] || { echo "waited in vain for: $*" >&2; exit 1; }
        sleep 0.1
    done
}

export PREFADE_SOCKET=$work/prefade.sock XDG_STATE_HOME=$work/state XDG_CONFIG_HOME=$work/config HOME=$work
Xvfb -displayfd 3 -nolisten tcp -screen 0 1400x900x24 3> "$work/number" 2> "$work/xvfb.log" &
started+=($!)
eventually test -s "$work/number"
DISPLAY=:$(cat "$work/number")
export DISPLAY LIBGL_ALWAYS_SOFTWARE=1
openbox > "$work/openbox.log" 2>&1 &
started+=($!)
picom --config /dev/null --backend xrender > "$work/picom.log" 2>&1 &
started+=($!)

"$bin/prefaded" --demo > "$work/prefaded.log" 2>&1 &
started+=($!)
eventually "$bin/prefade" status
eventually "$bin/prefade" transport play # once the demo has made its music
"$bin/prefade-overlay" --no-start > "$work/overlay.log" 2>&1 &
started+=($!)
eventually xdotool search --name '^Prefade$'
window=$(xdotool search --name '^Prefade$' | head -n 1)
three_advices() { [ "$("$bin/prefade" advice --json | grep -c '"rule"')" -ge 3 ]; }
eventually three_advices
xdotool windowfocus "$window"

picture() { # name [key...]: presses the keys, lets the window settle, keeps what it shows
    local name=$1 key
    shift
    for key in "$@"; do xdotool key "$key"; done
    sleep 1.5
    import -window "$window" "$work/$name.png"
}
picture advice
picture strips 2
picture compact 1 c
convert -background '#2b2e34' -bordercolor '#2b2e34' \
    \( "$work/advice.png" -border 12 \) \( "$work/strips.png" -border 12 \) \
    \( "$work/compact.png" -border 12 \) -gravity north +append -strip \
    -define png:compression-level=9 -colors 255 docs/pictures/overlay.png
echo "docs/pictures/overlay.png" >&2
