#!/bin/bash
# stop_headless.sh WORK [SIGNAL [PART...]]
# Ends what start_headless.sh started in WORK, by its recorded pid: SIGNAL (default TERM), then KILL after 10 s.
# jackd is always asked to end: killed, it would keep its place among the eight that its registry holds.
# PART is any of ardour jackd xvfb; default is all. "stop_headless.sh WORK KILL ardour" is a crash of the DAW
# with jackd still up. Nothing is saved: send /save_state first if it should be.
[ $# -ge 1 ] || { sed -n '2p' "$0" >&2; exit 2; }
WORK=$1 SIGNAL=${2:-TERM}
shift $(($# < 2 ? $# : 2))
alive() { [ -d "/proc/$1" ] && ! grep -q '^State:[[:space:]]*Z' "/proc/$1/status" 2> /dev/null; }
for part in ${@:-ardour jackd xvfb}; do
	[ -s "$WORK/$part.pid" ] || continue
	pid=$(cat "$WORK/$part.pid")
	[ "$part" = jackd ] && kill -TERM "$pid" 2> /dev/null || kill -"$SIGNAL" "$pid" 2> /dev/null
	for _ in $(seq 200); do alive "$pid" || break; sleep 0.05; done
	alive "$pid" && kill -KILL "$pid"
	rm -f "$WORK/$part.pid"
	# what a killed client leaves behind
	[ "$part" != jackd ] || (. "$WORK/env.sh" && rm -f /dev/shm/jack_sem.*_"$JACK_DEFAULT_SERVER"_*)
done
exit 0
