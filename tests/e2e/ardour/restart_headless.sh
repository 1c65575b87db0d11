#!/bin/bash
# restart_headless.sh WORK [SIGNAL]
# Ends only Ardour (default KILL, as in a crash) and starts it again with the arguments of the last start,
# on the same jackd. Its OSC port may be another one afterwards: read WORK/osc.port again.
[ -s "$1/started.args" ] || { echo "restart_headless.sh: nothing was started in $1" >&2; exit 1; }
HERE=$(cd "$(dirname "$0")" && pwd)
"$HERE/stop_headless.sh" "$1" "${2:-KILL}" ardour
eval "set -- \"\$1\" $(cat "$1/started.args")"
exec "$HERE/start_headless.sh" "$@" -k
