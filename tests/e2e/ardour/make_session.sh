#!/bin/sh
# make_session.sh DIR [-n NAME] [-s SECONDS] [-r RATE] [-x EXTRA_TRACKS] [-c] [-m MCU_DEVICE [-o MCU_OUT -i MCU_IN]]
#
# Synthesises the stems with sox and builds DIR/NAME.ardour with ardour7-lua: no display, no sound card.
#   -n NAME     session name (default: mix)
#   -s SECONDS  length (default 30)          -r RATE  sample rate (default 48000)
#   -x N        N more empty tracks ("Extra 1" ...), between the stems and the bus, for large sessions
#   -c          clean: without the planted problems (see README.md)
#   -m DEVICE   Mackie device of the session (default "Mackie Control")
#   -o/-i       JACK MIDI ports of the controller; Ardour connects them on loading, if they exist by then
# Overwrites DIR. Ardour's per-user files go to a temporary folder unless XDG_CONFIG_HOME is set.
set -eu
usage() { sed -n '2,3p' "$0" >&2; exit 2; }
[ $# -ge 1 ] || usage
DIR=$1; shift
NAME=mix SECS=30 RATE=48000 EXTRA=0 PLANTS=1 MCU="Mackie Control" MCU_OUT= MCU_IN=
while getopts n:s:r:x:cm:o:i: opt; do case $opt in
	n) NAME=$OPTARG ;; s) SECS=$OPTARG ;; r) RATE=$OPTARG ;; x) EXTRA=$OPTARG ;; c) PLANTS=0 ;;
	m) MCU=$OPTARG ;; o) MCU_OUT=$OPTARG ;; i) MCU_IN=$OPTARG ;; *) usage ;;
esac; done
HERE=$(cd "$(dirname "$0")" && pwd)
for tool in sox ardour7-lua; do
	command -v $tool > /dev/null || { echo "make_session.sh: $tool is not installed" >&2; exit 1; }
done
W=$(mktemp -d)
trap 'rm -rf "$W"' EXIT INT TERM
mkdir "$W/home" "$W/wav"

# stem FILE PEAK_DB EFFECTS... : one mono file of exactly SECS seconds, its peak at PEAK_DB dBFS.
# A bar is 2 s (120 bpm). R repeats are more than enough; the end is trimmed.
R=$((SECS * 4 + 1))
stem() {
	out=$1; peak=$2; shift 2
	sox -V1 -q -R -D -r "$RATE" -b 24 -c 1 -n "$W/wav/$out.wav" "$@" gain -n "$peak" pad 0 "$SECS" trim 0 "$SECS"
}
stem Kick         -8  synth 0.4 sine 120:42 fade l 0.001 0.4 0.3 pad 0 0.6 repeat $R trim 0 "$SECS"
stem Snare        -9  synth 0.25 whitenoise bandpass 1800 1.2q fade l 0.001 0.25 0.22 pad 0.5 0.25 repeat $R trim 0 "$SECS"
stem Hat          -16 synth 0.06 whitenoise highpass 7000 fade l 0.001 0.06 0.05 pad 0 0.19 repeat $R trim 0 "$SECS"
stem Bass         -10 synth 0.5 pluck E2 repeat 2 synth 0.5 pluck mix G2 lowpass 900 repeat $R trim 0 "$SECS"
stem "Guitar L"   -12 synth 2 pluck A3 pluck E4 pluck C4 remix - repeat $R trim 0 "$SECS"
stem "Guitar R"   -12 synth 2 pluck A2 pluck E3 pluck A3 remix - repeat $R trim 0 "$SECS"
stem Keys         -14 synth "$SECS" sine 261.63 sine 329.63 sine 392.00 remix - tremolo 5 20
stem Vox          -9  synth 3 sawtooth 220 tremolo 5.5 25 lowpass 2800 equalizer 900 2q 8 fade t 0.08 3 0.4 pad 0 1 repeat $R trim 0 "$SECS"
stem "Vox Double" -12 synth 3 sawtooth 221.3 tremolo 5.1 25 lowpass 2200 fade t 0.1 3 0.4 pad 0.03 0.97 repeat $R trim 0 "$SECS"
stem Shaker       -18 synth 0.09 pinknoise highpass 4000 fade t 0.03 0.09 0.05 pad 0.03 0.13 repeat $R trim 0 "$SECS"
stem "Hot Synth"  -0.3 synth "$SECS" sawtooth 110 sawtooth 110.7 remix - lowpass 5000 tremolo 0.5 15
stem Synth        -14 synth "$SECS" sawtooth 110 sawtooth 110.7 remix - lowpass 5000 tremolo 0.5 15
stem Room         -22 synth "$SECS" pinknoise lowpass 3000
[ $PLANTS = 0 ] || sox -V1 -q -D -r "$RATE" -b 24 -c 1 -n "$W/wav/Room.wav" trim 0 "$SECS"

# Ardour's tool sometimes ends in a crash of its own, with 200 tracks most of all: then once more, from nothing. It ends
# with status 0 even when the script failed.
make_once() {
	rm -rf "$DIR"
	HOME=$W/home XDG_CONFIG_HOME=${XDG_CONFIG_HOME:-$W/config} XDG_CACHE_HOME=$W/cache XDG_DATA_HOME=$W/data \
		ardour7-lua "$HERE/make_session.lua" "$DIR" "$NAME" "$W/wav" "$RATE" "$((SECS * RATE))" "$EXTRA" "$PLANTS" \
		"$MCU" "$MCU_OUT" "$MCU_IN" > "$W/log" 2>&1 < /dev/null
}
for go in 1 2 3; do
	status=0
	make_once || status=$?
	[ $status = 0 ] && grep '^session written: ' "$W/log" && exit 0
	[ $status -gt 128 ] || break
	echo "make_session.sh: ardour7-lua ended with status $status, go $go" >&2
done
cat "$W/log" >&2
exit 1
