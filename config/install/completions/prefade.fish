# Completion of prefade, prefaded and prefade-overlay for fish. tests/check_manual.sh holds it against --help.
complete -c prefade -f
complete -c prefade -l json -d 'One JSON document'
complete -c prefade -l socket -r -F -d 'Of the daemon'
complete -c prefade -l help -d 'What it takes'
complete -c prefade -l version
complete -c prefade -n __fish_use_subcommand -a status -d 'Host, capabilities, mode, message rates, last error'
complete -c prefade -n __fish_use_subcommand -a strips -d 'Every strip with its controls, meters, sends and inserts'
complete -c prefade -n __fish_use_subcommand -a parameters -d 'Every parameter of the inserts of a strip'
complete -c prefade -n __fish_use_subcommand -a advice -d 'What fires now, the one to do first'
complete -c prefade -n __fish_use_subcommand -a set -d 'Move one control and prove it'
complete -c prefade -n __fish_use_subcommand -a apply -d 'Take an advice'
complete -c prefade -n __fish_use_subcommand -a dismiss -d 'Silence an advice until it gets clearly worse'
complete -c prefade -n __fish_use_subcommand -a later -d 'Put an advice to rest until the session ends'
complete -c prefade -n __fish_use_subcommand -a moves -d 'What is proposed and under way'
complete -c prefade -n __fish_use_subcommand -a approve -d 'Allow a proposed move'
complete -c prefade -n __fish_use_subcommand -a reject -d 'Turn a proposed move down'
complete -c prefade -n __fish_use_subcommand -a stop -d 'Halt everything now'
complete -c prefade -n __fish_use_subcommand -a undo -d 'Put a move back exactly'
complete -c prefade -n __fish_use_subcommand -a journal -d 'Every move and its outcome'
complete -c prefade -n __fish_use_subcommand -a mode -d 'watch, ask or auto'
complete -c prefade -n __fish_use_subcommand -a role -d 'What a strip is'
complete -c prefade -n __fish_use_subcommand -a brief -d 'What only you know'
complete -c prefade -n __fish_use_subcommand -a host -d 'The DAWs that answer here'
complete -c prefade -n __fish_use_subcommand -a rules -d 'The rules that speak of something'
complete -c prefade -n __fish_use_subcommand -a transport -d 'Start or stop playback'
complete -c prefade -n __fish_use_subcommand -a coach -d 'Live in this terminal'
complete -c prefade -n __fish_use_subcommand -a setup -d 'What a DAW needs'
complete -c prefade -n __fish_use_subcommand -a doctor -d 'Check every link of the chain'
complete -c prefade -n __fish_use_subcommand -a check -d 'Run the cases of the rules'
complete -c prefade -n '__fish_seen_subcommand_from strips' -l parameters -d 'With the parameters of every insert'
complete -c prefade -n '__fish_seen_subcommand_from later' -l rule -d 'All of its rule, on every strip'
complete -c prefade -n '__fish_seen_subcommand_from later' -l back -d 'Bring back all that rests'
complete -c prefade -n '__fish_seen_subcommand_from advice' -l follow -d 'Each advice as it fires and ends'
complete -c prefade -n '__fish_seen_subcommand_from advice' -l speakable -d 'Sentences for a screen reader'
complete -c prefade -n '__fish_seen_subcommand_from set' -a 'fader trim pan mute solo send/ send_enabled/ bypass/ glide= why='
complete -c prefade -n '__fish_seen_subcommand_from undo' -l all -d 'Every move since the daemon started'
complete -c prefade -n '__fish_seen_subcommand_from journal' -l all -d 'Of every session'
complete -c prefade -n '__fish_seen_subcommand_from journal' -a 'limit= before='
complete -c prefade -n '__fish_seen_subcommand_from mode' -a 'watch ask auto'
complete -c prefade -n '__fish_seen_subcommand_from brief' -a 'genre= platform= target= tempo='
complete -c prefade -n '__fish_seen_subcommand_from host' -a 'ardour demo'
complete -c prefade -n '__fish_seen_subcommand_from transport' -a 'play stop'
complete -c prefade -n '__fish_seen_subcommand_from coach' -l for -x -a '90s 5m 1h' -d 'End after this long'
complete -c prefade -n '__fish_seen_subcommand_from setup' -a ardour
complete -c prefade -n '__fish_seen_subcommand_from check' -F

complete -c prefaded -f
complete -c prefaded -l host -x -a 'ardour demo' -d 'The DAW'
complete -c prefaded -l demo -d 'The session inside this program'
complete -c prefaded -l play -d 'Let the demo be heard'
complete -c prefaded -l config -r -F -d 'Settings'
complete -c prefaded -l socket -r -F -d 'Where it listens'
complete -c prefaded -l record -r -F -d 'Every message of the wire'
complete -c prefaded -l help
complete -c prefaded -l version

complete -c prefade-overlay -f
complete -c prefade-overlay -l socket -r -F -d 'Of the daemon'
complete -c prefade-overlay -l demo -d 'Start the daemon with the demo'
complete -c prefade-overlay -l no-start -d 'Start no daemon'
complete -c prefade-overlay -l check -d 'Can it draw here?'
complete -c prefade-overlay -l help
complete -c prefade-overlay -l version
