#include "tests/knowledge/playground.h"

#include "knowledge/roles.h"

using namespace prefade;
using namespace prefade::test;

namespace {

const RoleBook& shipped_roles() {
    static const RoleBook book = [] {
        auto loaded = RoleBook::load(PREFADE_TESTS_DIR "/../knowledge/roles.toml");
        if (!loaded) FAIL(loaded.error().where << ": " << loaded.error().message);
        return *loaded;
    }();
    return book;
}

std::string guess(const char* name, StripKind kind = StripKind::audio_track) {
    return shipped_roles().guess(name, kind).value_or("-");
}

} // namespace

TEST_CASE("roles are guessed from the names people give") {
    const std::pair<const char*, const char*> table[] = {
        {"LdVox", "lead vocal"},
        {"Lead Vox", "lead vocal"},
        {"lead_vocal_02", "lead vocal"},
        {"VOX", "lead vocal"},
        {"Vox 1", "lead vocal"},
        {"LVox", "lead vocal"},
        {"BV 1", "backing vocal"},
        {"BGVs", "backing vocal"},
        {"Backing Vox L", "backing vocal"},
        {"Vox Harm", "backing vocal"},
        {"Kick In", "kick"},
        {"KICK-OUT", "kick"},
        {"BD", "kick"},
        {"Bass Drum", "kick"},
        {"Snare Top", "snare"},
        {"SN bot", "snare"},
        {"Rack Tom 1", "toms"},
        {"Floor Tom", "toms"},
        {"HiHat", "hi-hat"},
        {"Hi-Hat", "hi-hat"},
        {"OH L", "overheads"},
        {"Overheads", "overheads"},
        {"Drum Room", "room"},
        {"Drum Bus", "drums"},
        {"Gtr L", "electric guitar"},
        {"E-Gtr 2", "electric guitar"},
        {"Lead Gtr", "electric guitar"},
        {"AcGtr", "acoustic guitar"},
        {"Bass DI", "bass"},
        {"BassAmp", "bass"},
        {"Sub Bass", "synth bass"},
        {"Piano R", "piano"},
        {"Rhodes", "keys"},
        {"Strings Hi", "strings"},
        {"Synth Pad", "pad"},
        {"Hot Synth", "synth"},
        {"Lead Synth", "synth"},
        {"Vox Verb", "reverb"},
        {"Plate", "reverb"},
        {"Slap Delay", "delay"},
        {"Shaker", "percussion"},
        {"FX Riser", "effects"},
        {"Click", "click"},
        {"Ref Mix", "reference"},
    };
    for (const auto& [name, role] : table) {
        INFO(name);
        CHECK(guess(name) == role);
    }
}

TEST_CASE("the kind of a strip counts") {
    CHECK(guess("Master", StripKind::master) == "master");
    CHECK(guess("Master") == "-");
    CHECK(guess("Vocals", StripKind::audio_bus) == "vocals");
    CHECK(guess("Vocals") == "lead vocal");
}

TEST_CASE("there is no guess when unsure") {
    for (const char* name : {"", "Audio 7", "Track 12", "Lead", "X", "Kickstarter", "Voxel",
                             "Bassoon", "123", "Gtr Amb"}) {
        INFO(name);
        CHECK(guess(name) == "-");
    }
}

TEST_CASE("what the user set wins over the guess, until it is taken back") {
    Playground play;
    const StripId strip = play.add("Kick");
    guess_roles(play.session, shipped_roles());
    CHECK(play.session.strips[0].role == "kick");
    REQUIRE(set_role(play.session, strip, "snare", shipped_roles()));
    guess_roles(play.session, shipped_roles());
    CHECK(play.session.strips[0].role == "snare");
    REQUIRE(set_role(play.session, strip, "", shipped_roles()));
    CHECK(play.session.strips[0].role == "kick");
}

TEST_CASE("an unknown role or strip is an error that names the known ones") {
    Playground play;
    const StripId strip = play.add("Kick");
    const auto wrong = set_role(play.session, strip, "kik", shipped_roles());
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().message.find("known: master, lead vocal") != std::string::npos);
    CHECK_FALSE(set_role(play.session, {99}, "kick", shipped_roles()));
}

TEST_CASE("a roles file with a mistake is refused with its place") {
    const std::pair<const char*, const char*> table[] = {
        {"[[role]]\nname = \"a\"\nwords = [\"x\"]\n[[role]]\nname = \"b\"\nwords = [\"X\"]\n",
         "r.toml:6:9"},
        {"[[role]]\nname = \"a\"\nwords = [\"12\"]\n", "r.toml:3:9"},
        {"[[role]]\nname = \"a\"\nwort = [\"x\"]\n", "r.toml:3:8"},
        {"[[role]]\nname = 3\n", "r.toml:2:8"},
        {"[[role]\n", "r.toml:1:8"},
    };
    for (const auto& [text, where] : table) {
        INFO(text);
        const auto book = RoleBook::parse(text, "r.toml");
        REQUIRE_FALSE(book);
        INFO(book.error().message);
        CHECK(book.error().where == where);
    }
}
