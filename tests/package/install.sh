#!/usr/bin/env bash
# install.sh BUILD [PICTURES]: the .deb of that build tree on a bare system of the release this machine runs, made by
# debootstrap in a folder of its own: it installs with its dependencies, what its menu entry says starts window and
# daemon, the doctor is content, upgrade and removal leave the user's files, and nothing else is left.
# Needs root, and the right to mount; without either it says so and ends with 77. PICTURES: folder for a screenshot.
set -euo pipefail
build=$(cd "$1" && pwd)
pictures=${2:-}

skip() { echo "skipped: $*"; exit 77; }
fail() { echo "FAILED: $*" >&2; exit 1; }
say() { echo "== $*"; }

[ "$(id -u)" = 0 ] || skip "a bare system is made by root only"
for program in debootstrap cpack dpkg-deb; do
    command -v $program > /dev/null || skip "$program is missing; ./dev test installs it"
done
codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
[ -n "$codename" ] && command -v apt-get > /dev/null || skip "this is neither Debian nor one of its kin"
[ -x "$build/bin/prefade-overlay" ] || fail "$build has no overlay"

work=$(realpath "$(mktemp -d "${TMPDIR:-/tmp}/prefade-package.XXXXXX")")
root=$work/root
started=()
finish() {
    trap '' INT TERM
    local i point
    for ((i = ${#started[@]} - 1; i >= 0; --i)); do kill "${started[i]}" 2> /dev/null || true; done
    # What was started within, by its root: the overlay's daemon is nobody's child.
    for i in /proc/[0-9]*; do
        [ "$(readlink "$i/root" 2> /dev/null)" != "$root" ] || kill "${i#/proc/}" 2> /dev/null || true
    done
    wait
    for point in dev/pts dev/shm dev proc; do
        ! mountpoint -q "$root/$point" || umount "$root/$point" || umount -l "$root/$point"
    done
    if grep -q " $work/" /proc/self/mountinfo; then
        echo "something is still mounted in $work; it is left there" >&2
    else
        rm -rf --one-file-system "$work"
    fi
}
trap finish EXIT
trap 'exit 130' INT TERM

within() { # command...: in the bare system, as its root
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
        chroot "$root" "$@"
}
user_environment=(HOME=/home/engineer USER=engineer XDG_RUNTIME_DIR=/run/user/1000 PATH=/usr/local/bin:/usr/bin:/bin
    LC_ALL=C.UTF-8 DISPLAY=:7 LIBGL_ALWAYS_SOFTWARE=1)
# Its loopback is its own too: no DAW, display or daemon of this machine is in reach.
become_user() { exec nsenter --net="/proc/$network/ns/net" chroot --userspec=1000:1000 "$root" env -i "${user_environment[@]}" "$@"; }
as_user() { (become_user "$@"); }
eventually() { # what command...: until it succeeds, 60 s at most
    local what=$1 tries=300
    shift
    until "$@" > "$work/last" 2>&1; do
        [ $((tries -= 1)) != 0 ] || { tail -n 5 "$work/last" "$work"/*.log >&2; fail "waited in vain until $what"; }
        sleep 0.2
    done
}
apt_within() { within apt-get -q -y -o Acquire::Retries=3 -o Dpkg::Use-Pty=0 "$@" > "$work/apt.log" 2>&1 ||
    { tail -n 30 "$work/apt.log" >&2; fail "apt-get $*"; }; }

say "package"
(cd "$build" && cpack -B "$work/package") > "$work/cpack.log" 2>&1 || { cat "$work/cpack.log" >&2; fail cpack; }
deb=$(ls "$work"/package/*.deb)
version=$(dpkg-deb -f "$deb" Version)

say "bare $codename"
# From where this machine has its own packages: the first of its sources that has this release.
mirror=$(apt-get indextargets --format '$(SITE) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    awk -v release="$codename" '$2 == release && $3 == "main" { print $1; exit }')
mkdir "$root"
mkdir -p "$root/proc"
mount -t proc proc "$root/proc" 2> /dev/null || skip "nothing may be mounted here"
umount "$root/proc"
unshare --net true 2> /dev/null || skip "no network of its own may be made here"
unshare --net sleep infinity &
network=$!
started+=("$network")
has_network() { [ "$(readlink "/proc/$network/ns/net")" != "$(readlink /proc/self/ns/net)" ]; }
eventually "it has a network of its own" has_network
debootstrap --variant=minbase --include=iproute2 "$codename" "$root" "${mirror:-http://deb.debian.org/debian}" > "$work/debootstrap.log" 2>&1 ||
    { tail -n 20 "$work/debootstrap.log" >&2; fail debootstrap; }
rm -f "$root/etc/apt/sources.list"
for part in sources.list sources.list.d apt.conf.d auth.conf.d keyrings trusted.gpg.d; do
    [ ! -e "/etc/apt/$part" ] || cp -a "/etc/apt/$part" "$root/etc/apt/"
done
for part in resolv.conf hosts; do # the second is missing where this runs in a bare root itself
    [ ! -e "/etc/$part" ] || cp -L "/etc/$part" "$root/etc/"
done
cp -a /usr/share/keyrings/. "$root/usr/share/keyrings/"
printf '#!/bin/sh\nexit 101\n' > "$root/usr/sbin/policy-rc.d"
chmod +x "$root/usr/sbin/policy-rc.d"
mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/dev"
for node in null zero random urandom; do
    touch "$root/dev/$node"
    cp -a "/dev/$node" "$root/dev/"
done
mkdir "$root/dev/shm" "$root/dev/pts"
chmod 1777 "$root/dev/shm"
nsenter --net="/proc/$network/ns/net" chroot "$root" ip link set lo up
apt_within update
within useradd --uid 1000 --create-home --shell /bin/bash engineer
install -d -o 1000 -g 1000 -m 700 "$root/run/user/1000"
traces() { # files with our name, but for those of users and of the running system
    find "$root" -xdev \( -path "$root/proc" -o -path "$root/run" -o -path "$root/var" -o -path "$root/tmp" -o \
        -path "$root/home" \) -prune -o -iname '*prefade*' -print
}
traces > "$work/before"

say "install $(basename "$deb")"
cp "$deb" "$root/tmp/prefade.deb"
apt_within install /tmp/prefade.deb
[ -z "$(within dpkg --verify prefade)" ] || fail "what is installed is not what was packed"
for program in prefaded prefade prefade-overlay; do
    [ "$(as_user $program --version)" = "$program $version" ] || fail "$program does not say version $version"
    [ -s "$root/usr/share/man/man1/$program.1.gz" ] || fail "no manual of $program"
done
unit=$(sed -n 's/^ExecStart=//p' "$root/usr/lib/systemd/user/prefaded.service")
[ "$(as_user which "$unit")" = /usr/bin/prefaded ] || fail "the unit starts \"$unit\""
status=0
as_user prefade doctor > "$work/doctor" 2>&1 || status=$?
[ "$status" = 1 ] && grep -qx 'prefade: 2 links are broken: daemon, DAW' "$work/doctor" ||
    { cat "$work/doctor" >&2; fail "before anything runs only daemon and DAW are to be missing"; }

say "start from the menu"
# The display is not part of what is installed with Prefade.
apt_within install --no-install-recommends xvfb desktop-file-utils x11-utils x11-apps
within desktop-file-validate /usr/share/applications/prefade.desktop || fail "the menu entry"
mkdir -p "$root/tmp/.X11-unix"
chmod 1777 "$root/tmp/.X11-unix"
become_user Xvfb :7 -noreset -nolisten tcp -screen 0 1280x800x24 > "$work/xvfb.log" 2>&1 &
started+=($!)
eventually "the display is there" as_user xdpyinfo
entry() { # section: the command of it
    awk -v section="[$1]" '/^\[/ { here = $0 == section } here && sub(/^Exec=/, "") { print; exit }' \
        "$root/usr/share/applications/prefade.desktop"
}
start_entry() { # section: as a desktop does, and until its window is there
    become_user sh -c "exec $(entry "$1")" > "$work/overlay.log" 2>&1 &
    window=$!
    started+=("$window")
    eventually "the window of \"$1\" is there" as_user xwininfo -name Prefade
    eventually "a daemon of \"$1\" answers" as_user prefade status
}
end_window() {
    kill "$window"
    wait "$window" || true
}
end_daemon() { # by the id of the one process in this root
    local process
    for process in /proc/[0-9]*; do
        [ "$(readlink "$process/root" 2> /dev/null)" = "$root" ] && [ "$(cat "$process/comm")" = prefaded ] || continue
        kill "${process#/proc/}"
        eventually "the daemon has ended" test ! -e "$process"
    done
}
start_entry "Desktop Entry"
end_window
as_user prefade status > /dev/null || fail "the daemon ended with the window"
end_daemon
start_entry "Desktop Action demo"
connected() { as_user prefade status --json | grep -q '"state": "connected"'; }
eventually "the demo plays" connected
as_user prefade transport play > /dev/null
advised() { as_user prefade advice --json | grep -q '"rule"'; }
eventually "the demo is advised on" advised
eventually "the doctor is content" as_user prefade doctor
as_user prefade doctor
if [ -n "$pictures" ]; then
    as_user xwd -root -silent > "$pictures/package.xwd"
    say "screenshot: $pictures/package.xwd"
fi
end_window
end_daemon

say "upgrade"
mine=$root/home/engineer/.config/prefade
as_user sh -c 'mkdir -p ~/.config/prefade/rules && printf "genre = \"rock\"\n" > ~/.config/prefade/prefade.toml &&
    cp /usr/share/prefade/config/policy.toml ~/.config/prefade/ && printf "# mine\n" > ~/.config/prefade/rules/notes.txt'
kept() { (cd "$root/home/engineer" && find . -type f -path '*prefade*' -exec sha256sum {} + | sort); }
kept > "$work/kept"
grep -q journal.sqlite "$work/kept" && [ -s "$mine/prefade.toml" ] || fail "the user has no files to keep"
dpkg-deb -R "$deb" "$work/newer"
sed -i 's/^Version: .*/&+1/' "$work/newer/DEBIAN/control"
rm "$work/newer/usr/share/prefade/knowledge/rules/hot-track.toml"
sed -i '/hot-track\.toml/d' "$work/newer/DEBIAN/md5sums"
dpkg-deb --root-owner-group -b "$work/newer" "$root/tmp/newer.deb" > /dev/null
apt_within install /tmp/newer.deb
[ "$(within dpkg-query -W -f '${Version}' prefade)" = "$version+1" ] || fail "not upgraded"
[ ! -e "$root/usr/share/prefade/knowledge/rules/hot-track.toml" ] || fail "a rule that is gone is still there"
kept | diff "$work/kept" - || fail "an upgrade changed the user's files"

say "removal"
apt_within remove prefade
kept | diff "$work/kept" - || fail "removal changed the user's files"
[ "$(within dpkg-query -W -f '${db:Status-Status}' prefade 2> /dev/null || true)" != config-files ] ||
    fail "something waits for a purge"
traces | diff "$work/before" - || fail "removal left something behind"
say "good: version $version on bare $codename"
