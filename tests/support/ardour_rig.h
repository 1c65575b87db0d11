// A real Ardour without display or sound card, for the end-to-end tests: made, started, crashed,
// started again and ended by the scripts of tests/e2e/ardour. Whatever happens to the test, even a
// KILL, Ardour ends with it and its folder goes. Test's main thread.
#pragma once

#include "tests/support/own_folder.h"
#include "tests/support/process.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace prefade::test {

class ArdourRig {
public:
    struct Setup {
        std::vector<std::string>
            session;                 ///< further options of make_session.sh: {"-c"}, {"-x", "186"}
        std::string backend{"jack"}; ///< "dummy": the GUI, whose tracks `lua` can change
    };
    ArdourRig() : ArdourRig(Setup{}) {}
    /// Makes the session and starts Ardour on it; 8 s. Throws std::runtime_error with what the script said.
    explicit ArdourRig(const Setup& setup);
    ~ArdourRig();
    ArdourRig(const ArdourRig&) = delete;
    ArdourRig& operator=(const ArdourRig&) = delete;

    std::uint16_t port() const noexcept {
        return port_;
    }                            ///< of its OSC surface; another one after a restart
    std::string address() const; ///< as `prefaded --host` takes it: "ardour=127.0.0.1:3819"
    const std::filesystem::path& folder() const noexcept {
        return scratch_.path();
    } ///< for further files of the test
    std::filesystem::path session_folder() const { return scratch_.path() / "session"; }
    std::filesystem::path session_file() const { return session_folder() / "mix.ardour"; }

    bool running() const; ///< false after a crash, of ours or of its own
    void crash();         ///< kill -9 of Ardour alone
    void start_again();   ///< after a crash; 5 s
    /// When it first answered over OSC after its last start.
    std::chrono::system_clock::time_point answered_at() const;
    void save() const; ///< returns when the session file is written
    void lua(const std::string& script)
        const; ///< GUI only: runs inside Ardour, see run_lua.sh; throws its error
    /// The whole session as Ardour's own exporter renders it, 32 bit float; needs a saved session.
    void export_to(const std::filesystem::path& wav) const;

private:
    void script(std::vector<std::string> command, const std::string& input = {}) const;
    void read_port();

    OwnFolder scratch_;
    int guard_{
        -1}; ///< while this pipe is open the guard waits; when it closes, it ends what is left
    std::uint16_t port_{0};
};

} // namespace prefade::test
