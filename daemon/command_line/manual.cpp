#include "daemon/command_line/manual.h"

#include <utility>

namespace prefade::command_line {
namespace {

using Type = ToolArgument::Type;

constexpr std::pair<std::string_view, std::string_view> manuals[] = {
    {"status",
     "Cannot say: rules that miss a reading now, most often because the song does not play.\n"
     "Messages are those of the DAW's own protocol; dropped is what this machine had no time "
     "for.\n"},
    {"strips",
     "FADER, TRIM  dB, 0 is unity; -inf is all the way down\n"
     "PAN          L100 .. C .. R100, in % of the way to that side\n"
     "FLAGS        M muted, S soloed, R armed, T a hand is on it, H hidden in the DAW,\n"
     "             and its fader automation where that is not off\n"
     "PEAK, 10 s   the newest reading of its meter and the largest of the last ten seconds, in "
     "dBFS\n"
     "             or as the unit says; (in parentheses) when it is older than a second: the DAW\n"
     "             tells levels while it plays\n"
     "AGE          of the newest reading\n"
     "-            not known\n"
     "\n"
     "  prefade strips --json | jq '.strips[] | select(.mute) | .name'\n"},
    {"parameters", "VALUE is the plugin's own number, in UNIT where the DAW tells one; SHOWN is "
                   "the DAW's own text.\n"
                   "A meter of the plugin (gain reduction, say) can be read and not set.\n"
                   "RANGE is - over a control surface, where a DAW tells none: what shows a number "
                   "there is set to one, the rest is read only.\n"
                   "\n"
                   "  prefade parameters Vox                      every insert of Vox\n"
                   "  prefade parameters Vox \"ACE Compressor\"     one of them\n"
                   "  prefade parameters Vox \"ACE EQ#2\"           the second of its kind\n"},
    {"advice",
     "FAULT    something is wrong with the sound or the export\n"
     "CAUTION  likely to bite later\n"
     "HINT     worth a listen\n"
     "\n"
     "Below the words: the readings that made it fire, with their age, and what can be done.\n"
     "\n"
     "  prefade advice --follow\n"
     "  prefade advice --speakable | spd-say --pipe-mode --wait\n"
     "  prefade advice --follow --json | jq -c 'select(.event == \"fires\") | .advice.says'\n"},
    {"set",
     "Waits until the DAW has read the value back and kept it (about 0.5 s, 2.5 s while it plays), "
     "then\n"
     "says how the move ended: confirmed, or unconfirmed, superseded (by a hand or by "
     "automation),\n"
     "refused or failed with the reason. A control is found by its exact name; nothing near it is "
     "moved.\n"
     "\n"
     "  prefade set \"Lead Vox\" fader -4.5dB\n"
     "  prefade set Bass pan C                      or L30, R100\n"
     "  prefade set \"Vox Double\" mute off\n"
     "  prefade set Snare send/Reverb -12dB\n"
     "  prefade set Bass \"ACE EQ/Gain 2\" -3         a plugin parameter, in its own number\n"
     "  prefade set Vox fader -6dB glide=2s why=\"verse\"\n"},
    {"apply", "  prefade apply 3        the first of its suggestions\n"
              "  prefade apply 3 2      the second\n"},
    {"dismiss", "  prefade dismiss 3\n"},
    {"later", "  prefade later 3\n  prefade later 3 --rule\n  prefade later --back\n"},
    {"approve", "  prefade approve 12\n"},
    {"undo", "Puts the control back to the value it had before the move, exactly. Refuses, with "
             "the reason, where\n"
             "a hand or another move changed it since.\n"
             "\n"
             "  prefade undo           the last move\n"
             "  prefade undo 12        move 12 of `prefade journal`\n"
             "  prefade undo --all     every move since the daemon started, newest first\n"},
    {"journal", "BEFORE, TARGET  what the control held, and what it was to hold\n"
                "READ BACK       what the DAW itself reported in the end; -: nothing\n"
                "SOURCE          user, rule (an advice that was taken, or mode auto), undo, api\n"
                "\n"
                "  prefade journal 20\n"
                "  prefade journal --all --json    of every session, with why, proof and the times "
                "to the millisecond\n"},
    {"moves", "  prefade approve 12, prefade reject 12\n"},
    {"mode", "  prefade mode           which it is\n"
             "  prefade mode watch     nothing moves but `undo`\n"},
    {"role", "  prefade role Keys2 \"lead vocal\"\n"
             "  prefade role Keys2 \"\"     guess again from the name\n"},
    {"brief", "  prefade brief genre=rock target=-14LUFS tempo=120\n"
              "  prefade brief genre=                        forget it\n"},
    {"rules", "Below each: what it says (\u2026 is where a number or a name goes) and where its "
              "numbers come from.\n"
              "\n"
              "  prefade rules clipping\n"
              "  prefade rules \"vocal level\"\n"},
    {"ask", "Where a daemon runs, it is asked, and the answer knows this session: levels, plugins, "
            "and an order\n"
            "becomes a proposed move: `prefade approve` moves it, nothing else does. Without a "
            "daemon the knowledge\n"
            "alone answers. In the daemon a question may lean on the one before.\n"
            "\n"
            "  prefade ask what attack on a CL 1B for a ballad\n"
            "  prefade ask ok same compressor but for the hook at 140\n"
            "  prefade ask turn the bass down two dB\n"
            "  prefade ask \"the chorus is missing energy\" --json\n"},
    {"host", "  prefade host ardour=127.0.0.1:3820\n"},
    {"stop", "Bind it to a key of your desktop. `prefade mode ask` lets moves happen again.\n"},
    {"coach", "In a terminal: the DAW and the mode, what fires with its numbers, the loudest "
              "meters, the latest\n"
              "moves; redrawn in place until Ctrl-C. Into a file or a pipe: one line for each "
              "advice that fires or\n"
              "ends and each move that ends. A DURATION is 90, 90s, 5m or 1h. With --json one "
              "document a line.\n"
              "\n"
              "  prefade coach --for 5m > session.log\n"},
    {"setup",
     "Says the clicks and settings the DAW needs and looks which of them are done. "
     "Changes nothing.\n"
     "Of a DAW that takes Prefade for a control surface it is the chain that is looked at: the "
     "daemon, its MIDI\n"
     "ports, whether the DAW answers, its names, levels and meters, and whether a move came "
     "back.\n"
     "\n"
     "  prefade setup ardour\n"
     "  prefade setup logic --watch\n"},
    {"calibrate",
     "Over Mackie Control some DAWs say where a fader stands but not how many dB that is. You move "
     "one\n"
     "fader in the DAW, step by step, on a scratch track; Prefade reads position and display, "
     "writes\n"
     "nothing, and keeps the points in laws/HOST.toml of its configuration folder.\n"
     "\n"
     "  prefade calibrate logic\n"},
    {"analyse",
     "LUFS     integrated loudness (ITU-R BS.1770-4); -: silence, or shorter than 400 ms\n"
     "LRA      loudness range in LU (EBU Tech 3342); with ? where it rests on less than a minute\n"
     "dBTP     true peak\n"
     "PLR      true peak over integrated loudness, in dB\n"
     "START    of broadcast WAV, behind the one that starts first\n"
     "REMARKS  what is wrong with a file; all of it stands below the table\n"
     "dB/OCT   tilt of the long-term spectrum, 100 Hz to 10 kHz; pink noise is -3\n"
     "SUB ...  what lies below 60, 250, 500 Hz, 2, 4, 6 kHz and above, in dB against all of the "
     "file\n"
     "\n"
     "Stems of one song are compared: who hides whom, where, when, and what a bell there would do. "
     "The files of\n"
     "a folder are taken for stems when their names or equal lengths say so; --together makes all "
     "files one song,\n"
     "--apart compares none. Who makes room for whom goes by the roles in their names and the "
     "genre's ranks.\n"
     "\n"
     "Reads WAV, RF64, AIFF, FLAC, Ogg Vorbis, Opus, MP3, CAF and W64 of any length. A folder "
     "stands "
     "for the\n"
     "sound files in it and below it. Needs no daemon. A file that is broken is named with the "
     "reason, "
     "the others\n"
     "are measured, and the exit status is 1. What was measured is kept by content in the cache "
     "folder, "
     "so that a\n"
     "second look takes no time. --json is described in docs/analyse.md.\n"
     "\n"
     "  prefade analyse mix.wav\n"
     "  prefade analyse stems/ --json | jq '.files[] | [.path, .loudness.integrated_lufs]'\n"},
    {"doctor", "ok      works\n"
               "warn    works, with something to know\n"
               "FAIL    broken; the line below says what to do. Any FAIL makes the exit status 1\n"
               "absent  a part of Prefade that this build or machine does not have\n"},
    {"check", "Loads the rules and runs the cases inside them, and loads the plugin entries: the "
              "shipped ones "
              "and\n"
              "your own, or those of PATH, a file or a folder. What lies in a folder called "
              "plugins is read as "
              "entries,\n"
              "a file named as one of ours (phrases.toml, targets.toml ...) as mixing knowledge.\n"
              "A message begins with file:line. Any failure makes the exit status 1.\n"
              "\n"
              "  prefade check ~/.config/prefade/rules/my-rule.toml\n"
              "  prefade check ~/.config/prefade/plugins\n"},
};

} // namespace

std::span<const OwnCommand> own_commands() {
    static const OwnCommand own[] = {
        {{"coach",
          "advice, meters and moves, live in this terminal",
          {{"for", Type::text, false, "end after this long: 90s, 5m, 1h"}},
          false,
          false},
         {{"for", "DURATION"}},
         {}},
        {{"setup",
          "what a DAW needs before Prefade can hear it, and what of it is done",
          {{"host", Type::text, true,
            "ardour, ardour-mackie, live-mackie, reaper-mackie, logic, mackie"},
           {"watch", Type::flag, false, "go on looking until every link of the chain is alive"}},
          false,
          false},
         {},
         {}},
        {{"calibrate",
          "measure the law of a DAW's faders from what its surface shows, and keep it",
          {{"host", Type::text, true, "logic, mackie: as in `prefaded --host`"},
           {"for", Type::text, false, "end after this long: 90s, 5m"}},
          false,
          false},
         {{"for", "DURATION"}},
         {}},
        {{"analyse",
          "measure sound files: stems or mixes, folders of them, on all cores",
          {{"path", Type::text, true, "a sound file, or a folder with everything below it"},
           {"only", Type::text, false, "one kind of measure: loudness"},
           {"genre", Type::text, false, "whose ranks say who makes room for whom; default: pop"},
           {"together", Type::flag, false, "all files are stems of one song"},
           {"apart", Type::flag, false, "no files are stems of one song: nothing is compared"},
           {"jobs", Type::number, false, "files at once, or groups of files; default: one a core"},
           {"no-cache", Type::flag, false, "neither use nor keep what was measured before"}},
          false,
          false},
         {{"only", "MEASURE"}, {"genre", "GENRE"}, {"jobs", "N"}},
         "path"},
        {{"doctor", "check every link of the chain from the files to the DAW", {}, false, false},
         {},
         {}},
        {{"check",
          "check rules, with their cases, plugins and mixing knowledge, or those of PATH",
          {{"path", Type::text, false,
            "a file of rules, plugins or mixing knowledge, or a folder of the first two"}},
          false,
          false},
         {},
         {}},
    };
    return own;
}

std::string manual_of(std::string_view command) {
    for (const auto& [name, text] : manuals)
        if (name == command) return std::string(text);
    return {};
}

const std::string_view general_manual =
    "\n"
    "  --json           one JSON document on standard output; one a line where something\n"
    "                   is followed (coach, advice --follow)\n"
    "  --socket PATH    of the daemon; default: PREFADE_SOCKET, else that of prefade.toml,\n"
    "                   else $XDG_RUNTIME_DIR/prefade.sock\n"
    "  --version\n"
    "  COMMAND --help   what a command takes, what its columns mean, examples\n"
    "\n"
    "A STRIP is its name as the DAW shows it, or #id from `prefade strips`. Names with\n"
    "spaces need quotes. What is not known is shown as -, old readings (in parentheses).\n"
    "Colours: only in a terminal, never with NO_COLOR set.\n"
    "\n"
    "Exit status: 0 done; every move asked for is confirmed, or waits for your approval.\n"
    "1 not done: one line on standard error says why. 2 the words make no command.\n"
    "\n"
    "  prefade coach                           watch and listen\n"
    "  prefade advice                          what fires now\n"
    "  prefade apply 3                         take advice 3\n"
    "  prefade set \"Lead Vox\" fader -4.5dB     one move of your own\n"
    "  prefade undo                            put it back\n"
    "  prefade doctor                          when something does not work\n";

} // namespace prefade::command_line
