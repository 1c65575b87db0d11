#!/usr/bin/env bash
# check_manual.sh BIN: manual pages and completions say what the programs in BIN take, no more and no less, by their
# --help. bash is asked by completing; the files of the other shells are read, and parsed where the shell is here.
set -euo pipefail
bin=$(cd "$1" && pwd)
cd "$(dirname "$0")/../config/install"
status=0
wrong() { echo "$*" >&2; status=1; }

options_in() { { grep -oE -- '(^|[^a-zA-Z-])--[a-z][a-z-]*' || true; } | sed 's/^[^-]*//' | sort -u; }
words() { tr -s ' \n' '\n\n' | sed '/^$/d' | sort -u; }
same() { # what it is about, what help says, what the file says: lists of words
    local difference
    difference=$(diff <(words <<< "$2") <(words <<< "$3") | sed -n 's/^< /missing: /p; s/^> /not in --help: /p') || true
    [ -z "$difference" ] || wrong "$1: "$'\n'"$difference"
}
manual() { sed 's/\\-/-/g' "man/$1.1"; }

# ---- commands of prefade ----------------------------------------------------------------------------------
help=$("$bin/prefade" --help)
usages=$(sed -n '/^usage:/,/^  --json/p' <<< "$help" | grep '^  [a-z]' | sed -E 's/^  //; s/  +.*//')
commands=$(cut -d ' ' -f 1 <<< "$usages")
[ "$(wc -l <<< "$commands")" -gt 10 ] || wrong "the commands in prefade --help were not found"
difference=$(diff <(sort <<< "$usages") <(manual prefade | sed -n '/^\.SH COMMANDS/,/^\.SH OPTIONS/s/^\.B //p' | grep -v '^--' | sort)) ||
    wrong "man/prefade.1, commands (<: --help, >: manual):"$'\n'"$difference"
general="--help $(sed -nE 's/^  (COMMAND )?(--[a-z]+).*/\2/p' <<< "$help")"
same "man/prefade.1, options" "$general $(options_in <<< "$usages")" "$(manual prefade | options_in)"

# ---- options of the other two -----------------------------------------------------------------------------
programs=prefaded
[ ! -x "$bin/prefade-overlay" ] || programs+=" prefade-overlay"
for program in $programs; do
    taken=$("$bin/$program" --help | options_in)
    same "man/$program.1, options" "$taken" "$(manual "$program" | sed 's/systemctl.*//' | options_in)"
    same "completions/prefade.fish, $program" "$taken" "$(sed -n "s/^complete -c $program -l \([a-z-]*\).*/--\1/p" completions/prefade.fish)"
    same "completions/_prefade, $program" "$taken" "$(sed -n "/^    $program)/,/;;/p" completions/_prefade | options_in)"
done
same "man/prefaded.1, settings" "$("$bin/prefaded" --help | sed -nE 's/^  ([a-z]+) = .*/\1/p')" \
    "$(manual prefaded | sed -n '/^\.SH SETTINGS/,/^\.SH FILES/p' | grep -A 1 '^\.TP' | sed -n 's/^\.B //p')"

# ---- bash -------------------------------------------------------------------------------------------------
. completions/prefade.bash
complete_with() { # function, words of the line; the last is being completed
    local function=$1
    shift
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
    "$function" > /dev/null
    echo "${COMPREPLY[*]-}"
}
same "completions/prefade.bash, prefade" "$commands $general" "$(complete_with _prefade prefade '')"
same "completions/prefade.bash, prefaded" "$("$bin/prefaded" --help | options_in)" "$(complete_with _prefaded prefaded '')"
[ "$programs" = prefaded ] ||
    same "completions/prefade.bash, prefade-overlay" "$("$bin/prefade-overlay" --help | options_in)" \
        "$(complete_with _prefade_overlay prefade-overlay '')"

# ---- each command in each shell ---------------------------------------------------------------------------
same "completions/prefade.fish, commands" "$commands" "$(sed -nE 's/^complete -c prefade -n __fish_use_subcommand -a ([a-z]+) .*/\1/p' completions/prefade.fish)"
same "completions/_prefade, commands" "$commands" "$(sed -nE "s/^ {20}'([a-z]+):.*/\1/p" completions/_prefade)"
while read -r usage; do
    command=${usage%% *}
    taken=$(options_in <<< "$usage")
    pairs=$(grep -oE '[a-z]+=' <<< "$usage" || true)
    same "completions/prefade.bash, $command" "$taken $pairs --json --socket --help" \
        "$(for word in '' --; do complete_with _prefade prefade "$command" strip control value "$word"; done | words | grep -E '^--|=$')"
    fish=$(grep -F "__fish_seen_subcommand_from $command'" completions/prefade.fish || true)
    same "completions/prefade.fish, $command" "$taken $pairs" \
        "$(sed -nE 's/.* -l ([a-z-]+).*/--\1/p' <<< "$fish") $(grep -oE '[a-z]+=' <<< "$fish" || true)"
    zsh=$(grep -E "^        ([a-z]+ \| )*$command( \| [a-z]+)*\) " completions/_prefade || true)
    [ -n "$zsh" ] || wrong "completions/_prefade: $command is missing"
    same "completions/_prefade, $command" "$taken $pairs" "$(options_in <<< "$zsh") $(grep -oE '[a-z]+=' <<< "$zsh" || true)"
done <<< "$usages"

bash -n completions/prefade.bash || status=1
! command -v zsh > /dev/null || zsh -n completions/_prefade || status=1
! command -v fish > /dev/null || fish --no-execute completions/prefade.fish || status=1
exit $status
