#!/bin/bash
# run_lua.sh WORK [FILE]
# Runs Lua (FILE, else standard input) inside the Ardour that start_headless.sh -b dummy or jackgui started in WORK,
# as an editor action: Session and Editor are there, so tracks and plugins can be added, moved and removed while a
# client listens. Prints what the script returned; fails if it raised an error. Modal dialogs are answered with
# their second button ("Yes, remove it"), whenever they come: Ardour removes a track only when it is idle.
#
# Helpers the script can call: route(NAME), add_track(NAME, ORDER), remove_track(NAME), move(NAME, ORDER).
# ORDER counts from 0 (the master's) and may have gaps after a removal; order_of(NAME) tells a strip's own.
set -u
[ $# -ge 1 ] || { sed -n '2p' "$0" >&2; exit 2; }
WORK=$(cd "$1" && pwd) || exit 1
PORT=$(cat "$WORK/osc.port") || exit 1
rm -f "$WORK/action.done"
cat > "$WORK/action.new" <<'L' || exit 1
local function route (name)
	local r = Session:route_by_name (name)
	assert (not r:isnil (), "no strip named " .. name)
	return r
end
local function order_of (name) return route (name):presentation_info_ptr ():order () end
local function move (name, order) route (name):set_presentation_order (order) end
local function add_track (name, order)
	return Session:new_audio_track (1, 2, nil, 1, name, order or ARDOUR.PresentationInfo.max_order, ARDOUR.TrackMode.Normal, true):front ()
end
local function remove_track (name)
	local wanted, left = route (name), 1000
	Editor:access_action ("Mixer", "select-none")
	repeat
		Editor:access_action ("Editor", "select-next-route")
		left = left - 1
		assert (left > 0, "cannot select " .. name)
	until wanted:is_selected ()
	wanted = nil
	collectgarbage () -- a route that Lua holds is not destroyed
	Editor:access_action ("Editor", "remove-track")
end
L
cat "${2:-/dev/stdin}" >> "$WORK/action.new"
mv "$WORK/action.new" "$WORK/action.lua" # a late earlier call must not find half of it
# "/access_action" ",s" "LuaAction/script-1", padded to multiples of four
printf '/access_action\0\0,s\0\0LuaAction/script-1\0\0' > "/dev/udp/127.0.0.1/$PORT"
PID=$(cat "$WORK/ardour.pid")
alive() { [ -d "/proc/$PID" ] && ! grep -q '^State:[[:space:]]*Z' "/proc/$PID/status" 2> /dev/null; }
for _ in $(seq 1200); do [ -s "$WORK/action.done" ] || ! alive && break; sleep 0.05; done
alive || { echo "run_lua.sh: ardour ended" >&2; exit 1; }
[ -s "$WORK/action.done" ] || { echo "run_lua.sh: no answer within 60 s" >&2; exit 1; }
if [ "$(head -n 1 "$WORK/action.done")" != ok ]; then tail -n +2 "$WORK/action.done" >&2; exit 1; fi
tail -n +2 "$WORK/action.done"
