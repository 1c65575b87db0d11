# Completion of prefade, prefaded and prefade-overlay for bash. tests/check_manual.sh holds it against --help.

_prefade_commands='status strips parameters advice set apply dismiss later moves approve reject stop undo journal
    mode role brief host rules ask transport coach setup calibrate analyse doctor check'

_prefade_words() { # command: what may follow it
    case $1 in
        strips) echo --parameters ;;
        advice) echo --follow --speakable ;;
        later) echo --rule --back ;;
        set) echo glide= why= ;;
        undo) echo --all ;;
        journal) echo --all limit= before= ;;
        mode) echo watch ask auto ;;
        brief) echo genre= platform= target= tempo= ;;
        host) echo ardour demo ;;
        transport) echo play stop ;;
        coach) echo --for ;;
        setup) echo --watch ardour ardour-mackie live-mackie reaper-mackie logic protools mackie ;;
        analyse) echo --only --genre --together --apart --jobs --no-cache ;;
        calibrate) echo --for ardour-mackie live-mackie reaper-mackie logic protools mackie ;;
    esac
}

_prefade_offer() { # word...: those that begin as the current one; after name= no space
    COMPREPLY=($(compgen -W "$*" -- "${COMP_WORDS[COMP_CWORD]}"))
    [[ ${COMPREPLY[*]-} != *[=/] ]] || compopt -o nospace 2> /dev/null || true
}

_prefade_files() {
    local IFS=$'\n'
    COMPREPLY=($(compgen -f -- "${COMP_WORDS[COMP_CWORD]}"))
    compopt -o filenames 2> /dev/null || true
}

_prefade() {
    local i command= bare=0 after=${COMP_WORDS[COMP_CWORD - 1]}
    for ((i = 1; i < COMP_CWORD; ++i)); do
        case ${COMP_WORDS[i]} in
            --socket | --for | --only | --genre | --jobs) ((++i)) ;;
            -*) ;;
            *) if [ -z "$command" ]; then command=${COMP_WORDS[i]}; else ((++bare)); fi ;;
        esac
    done
    if [ "$after" = --socket ]; then
        _prefade_files
    elif [ "$after" = --for ]; then
        _prefade_offer 90s 5m 1h
    elif [ "$after" = --only ]; then
        _prefade_offer loudness
    elif [ -z "$command" ]; then
        _prefade_offer "$_prefade_commands" --json --socket --help --version
    elif [[ $command =~ ^(check|analyse)$ ]] && [[ ${COMP_WORDS[COMP_CWORD]} != -* ]]; then
        _prefade_files
    elif [ "$command" = set ] && [ "$bare" = 1 ]; then
        _prefade_offer fader trim pan mute solo send/ send_enabled/ bypass/
    else
        _prefade_offer "$(_prefade_words "$command")" --json --socket --help
    fi
}

_prefaded() {
    case ${COMP_WORDS[COMP_CWORD - 1]} in
        --host) _prefade_offer ardour ardour-mackie live-mackie reaper-mackie logic protools mackie demo ;;
        --config | --socket | --record) _prefade_files ;;
        *) _prefade_offer --host --demo --play --config --socket --record --help --version ;;
    esac
}

_prefade_overlay() {
    case ${COMP_WORDS[COMP_CWORD - 1]} in
        --socket) _prefade_files ;;
        *) _prefade_offer --socket --demo --no-start --check --help --version ;;
    esac
}

complete -F _prefade prefade
complete -F _prefaded prefaded
complete -F _prefade_overlay prefade-overlay
