#!/bin/bash
# start_headless.sh WORK SESSION_DIR NAME [-b jack|jackgui|dummy] [-k] [-r RATE] [-p PERIOD]
#
# Starts Ardour 7 on SESSION_DIR/NAME.ardour without a sound card. Returns 0 once OSC answers, the session
# is loaded and the transport stands still; else prints why and returns 1 (after 2 minutes at most).
#   -b jack     (default) hardour on a private jackd with its dummy driver; needs no display
#   -b jackgui  the same jackd, with Ardour's GUI under a private Xvfb
#   -b dummy    the GUI under Xvfb with Ardour's own dummy backend (no MIDI from outside)
#   -k          keep: use the jackd (and Xvfb) that an earlier start in WORK left running
#   -r, -p      sample rate (48000) and period (1024) of the engine
# With the GUI, run_lua.sh can change tracks and plugins while Ardour runs.
# Leaves in WORK: osc.port, osc.answered (when OSC first did, seconds since 1970), env.sh (source it in JACK clients and other Ardour tools), *.pid, *.log.
# Nothing is ended by name, only by the pids recorded in WORK: see stop_headless.sh.
set -u
usage() { sed -n '2p' "$0" >&2; exit 2; }
fail() { echo "start_headless.sh: $1" >&2; [ -z "${2:-}" ] || tail -n 20 "$2" >&2; "$HERE/stop_headless.sh" "$WORK" KILL $STARTED; exit 1; }
alive() { [ -d "/proc/$1" ] && ! grep -q '^State:[[:space:]]*Z' "/proc/$1/status" 2> /dev/null; }
# wait_for SECONDS COMMAND...: polls every 50 ms, fails early when ardour has gone
wait_for() {
	local end=$((SECONDS + $1)); shift
	until "$@"; do
		[ $SECONDS -lt $end ] || return 1
		[ -z "${PID:-}" ] || alive "$PID" || fail "ardour ended:" "$WORK/ardour.log"
		sleep 0.05
	done
}

start_jackd() {
	jackd --no-realtime -n "$JACK_DEFAULT_SERVER" -d dummy -r "$RATE" -p "$PERIOD" > "$WORK/jackd.log" 2>&1 < /dev/null &
	echo $! > "$WORK/jackd.pid"
	local end=$((SECONDS + 10))
	until jack_wait -s "$JACK_DEFAULT_SERVER" -c 2> /dev/null | grep -q '^running'; do
		[ $SECONDS -lt $end ] && alive "$(cat "$WORK/jackd.pid")" || return 1
		sleep 0.05
	done
}
# jackd's registry holds eight servers, and one that was killed keeps its place until its name has ended well. The names
# are read from the registry itself: a jackd killed late in its own end has no socket left, but still its place.
free_places() {
	local name
	for name in $(grep -aoE "jack-$(id -u):prefade[0-9.]+" /dev/shm/jack-shm-registry); do
		name=${name#*:}
		jack_wait -s "$name" -c 2> /dev/null | grep -q '^running' || timeout -s TERM 1 jackd --no-realtime -n "$name" -d dummy > /dev/null 2>&1
	done
	return 0
}

[ $# -ge 3 ] || usage
HERE=$(cd "$(dirname "$0")" && pwd)
WORK=$1 SESSION=$2 NAME=$3; shift 3
BACKEND=jack RATE=48000 PERIOD=1024 KEEP=
while getopts b:kr:p: opt; do case $opt in
	b) BACKEND=$OPTARG ;; k) KEEP=1 ;; r) RATE=$OPTARG ;; p) PERIOD=$OPTARG ;; *) usage ;;
esac; done
STARTED=ardour
mkdir -p "$WORK/home" "$WORK/config/ardour7" || exit 1
WORK=$(cd "$WORK" && pwd)
[ -e "$SESSION/$NAME.ardour" ] || fail "no session $SESSION/$NAME.ardour"
SESSION=$(cd "$SESSION" && pwd)
rm -f "$SESSION/$NAME.pending" # what a killed Ardour left: a start is always from the last save
LIB=
for binary in /usr/lib/ardour7/hardour-*; do [ -x "$binary" ] && LIB=$(dirname "$binary") HARDOUR=$binary GUI=${binary/hardour-/ardour-}; done
[ -n "$LIB" ] || fail "ardour 7 is not installed in /usr/lib/ardour7"
! { [ -s "$WORK/ardour.pid" ] && alive "$(cat "$WORK/ardour.pid")"; } || fail "ardour already runs in $WORK"

if [ -n "$KEEP" ]; then
	[ -s "$WORK/env.sh" ] || fail "-k: nothing was started in $WORK before"
else
	rm -f "$WORK"/*.pid "$WORK/display"
	STARTED="ardour jackd xvfb"
	cat > "$WORK/env.sh" <<-E
	export HOME="$WORK/home" XDG_CONFIG_HOME="$WORK/config" XDG_CACHE_HOME="$WORK/cache" XDG_DATA_HOME="$WORK/data"
	export JACK_DEFAULT_SERVER=prefade$$.$RANDOM JACK_NO_START_SERVER=1 JACK_NO_AUDIO_RESERVATION=1
	E
fi
. "$WORK/env.sh"
printf '%q ' "$SESSION" "$NAME" -b "$BACKEND" -r "$RATE" -p "$PERIOD" > "$WORK/started.args"
export ARDOUR_CONFIG_PATH=/etc/ardour7 ARDOUR_DATA_PATH=/usr/share/ardour7 ARDOUR_DLL_PATH=$LIB VAMP_PATH=$LIB/vamp \
	GTK_PATH=/etc/ardour7:$LIB
URL=$XDG_CONFIG_HOME/ardour7/osc_url
: > "$URL" # Ardour tells its OSC address here, but only if the file exists
rm -f "$WORK/ready" "$WORK/osc.port" "$WORK/osc.answered" "$WORK/answer"

SHIM=$WORK/ardour_shim.so
[ -e "$SHIM" ] || ${CC:-cc} -shared -fPIC -O2 "$HERE"/{jack_noprop,hold_roll,answer_dialog,osc_observers}.c -o "$SHIM" -ldl || fail "cannot build the shim"
if [ "$BACKEND" != dummy ]; then
	if [ -n "$KEEP" ]; then
		alive "$(cat "$WORK/jackd.pid")" || fail "-k: its jackd has gone" "$WORK/jackd.log"
		# a killed client keeps its name until jackd has noticed
		no_client() { ! jack_lsp 2> /dev/null | grep -q '^ardour:'; }
		wait_for 10 no_client || fail "jackd still knows the old ardour"
	else
		start_jackd || { grep -q "Too many servers" "$WORK/jackd.log" && free_places && start_jackd; } || fail "jackd did not start" "$WORK/jackd.log"
	fi
fi
if [ "$BACKEND" = jack ]; then
	ARDOUR_READY_FILE=$WORK/ready LD_LIBRARY_PATH=$LIB LD_PRELOAD=$SHIM "$HARDOUR" "$SESSION" "$NAME" > "$WORK/ardour.log" 2>&1 < /dev/null &
else
	if [ -z "$KEEP" ]; then
		Xvfb -displayfd 3 -screen 0 1280x800x24 -nolisten tcp 3> "$WORK/display" > "$WORK/xvfb.log" 2>&1 < /dev/null &
		echo $! > "$WORK/xvfb.pid"
		wait_for 10 test -s "$WORK/display" || fail "Xvfb did not start" "$WORK/xvfb.log"
		echo "export DISPLAY=:$(cat "$WORK/display")" >> "$WORK/env.sh"
		. "$WORK/env.sh"
	fi
	: > "$XDG_CONFIG_HOME/ardour7/.a7" # skips the first-run wizard
	engine='backend="None (Dummy)" driver="Normal Speed" device="Silence" input-device="Silence" output-device="Silence"'
	[ "$BACKEND" = jackgui ] && engine='backend="JACK" driver="" device="" input-device="" output-device=""'
	# without an active saved engine state the GUI stops in its Audio/MIDI Setup dialog
	cat > "$XDG_CONFIG_HOME/ardour7/config" <<-E
	<?xml version="1.0" encoding="UTF-8"?>
	<Ardour>
	  <Config><Option name="try-autostart-engine" value="1"/><Option name="hide-dummy-backend" value="0"/></Config>
	  <Metadata/>
	  <Extra><AudioMIDISetup><EngineStates>
	    <State $engine sample-rate="$RATE" buffer-size="$PERIOD" n-periods="0" input-latency="0" output-latency="0" lm-input="" lm-output="" active="1" use-buffered-io="0" midi-option="1 in, 1 out, Silence" lru="1"><MIDIDevices/></State>
	  </EngineStates></AudioMIDISetup></Extra>
	</Ardour>
	E
	# LuaAction/script-1 runs WORK/action.lua once and empties it, see run_lua.sh; Ardour keeps actions as base64 of Lua assignments
	lua="return function () local i = io.open ([[$WORK/action.lua]]); local text = i and i:read ('a') or ''
		if i then i:close () end
		if text == '' then return end
		io.open ([[$WORK/action.lua]], 'w'):close ()
		local f, r = load (text); local ok = false
		if f then ok, r = pcall (f) end
		local o = io.open ([[$WORK/action.done]], 'w'); o:write (ok and 'ok' or 'error', '\n', r == nil and '' or tostring (r), '\n'); o:close () end"
	lua="scripts = { { n = 'run', s = 'ardour { [\"type\"] = \"EditorAction\", name = \"run\" }', f = [=[$lua]=], a = {} } }"
	echo "<UIScripts><ActionScript lua=\"Lua 5.3\">$(printf %s "$lua" | base64 -w 0)</ActionScript><ActionHooks/></UIScripts>" > "$XDG_CONFIG_HOME/ardour7/ui_scripts"
	ARDOUR_ANSWER_FILE=$WORK/answer LD_LIBRARY_PATH=$LIB LD_PRELOAD=$SHIM "$GUI" --no-splash --no-announcements "$SESSION/$NAME.ardour" > "$WORK/ardour.log" 2>&1 < /dev/null &
fi
PID=$!
echo $PID > "$WORK/ardour.pid"

wait_for 120 test -s "$URL" || fail "no OSC after 120 s" "$WORK/ardour.log"
PORT=$(sed -E 's,^.*:([0-9]+)/?$,\1,' "$URL")
# "/set_surface" without arguments is answered by every Ardour whose OSC thread runs; but one that was asked
# too early goes on answering to port 8000, until "/set_surface/port" 0 asks for the sender's
osc_answers() {
	local reply
	exec 9<> "/dev/udp/127.0.0.1/$PORT" || return 1
	printf '/set_surface/port\0\0\0,i\0\0\0\0\0\0' >&9
	printf '/set_surface\0\0\0\0,\0\0\0' >&9
	reply=$(timeout 0.5 head -c 12 <&9 2> /dev/null)
	exec 9>&-
	[ "$reply" = /set_surface ] && date +%s.%N > "$WORK/osc.answered"
}
wait_for 20 osc_answers || fail "OSC does not answer on port $PORT" "$WORK/ardour.log"
[ "$BACKEND" != jack ] || wait_for 20 test -s "$WORK/ready" || fail "the session did not get ready" "$WORK/ardour.log"
# in the GUI OSC answers before the session is loaded: wait until it runs a script
gui_answers() {
	echo "return 1" > "$WORK/action.lua"
	printf '/access_action\0\0,s\0\0LuaAction/script-1\0\0' > "/dev/udp/127.0.0.1/$PORT"
	sleep 0.1
	[ -s "$WORK/action.done" ]
}
rm -f "$WORK/action.done"
[ "$BACKEND" = jack ] || wait_for 120 gui_answers || fail "the GUI did not get ready" "$WORK/ardour.log"
echo 1 > "$WORK/answer" # dialogs of the start are not answered
! grep -q "JACK HALTED" "$WORK/ardour.log" || fail "the engine halted:" "$WORK/ardour.log"
alive $PID || fail "ardour ended:" "$WORK/ardour.log"
echo "$PORT" > "$WORK/osc.port"
echo "ardour pid $PID, OSC port $PORT"
