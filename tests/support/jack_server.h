// A JACK server of a test's own, on its dummy driver; JACK clients of this process and its children use it
// meanwhile. Test's main thread.
#pragma once

#include "tests/support/own_folder.h"
#include "tests/support/process.h"

#include <memory>
#include <string>
#include <vector>

namespace prefade::test {

class JackServer {
public:
    JackServer(); ///< throws when none can be started
    ~JackServer();

    void kill(); ///< as in a crash
    /// All ports now, as "client:port".
    std::vector<std::string> ports() const;
    void connect(const std::string& from, const std::string& to) const;

private:
    void start();
    OwnFolder folder_;
    std::string name_;
    bool killed_{false};
    std::unique_ptr<Process> jackd_;
};

} // namespace prefade::test
