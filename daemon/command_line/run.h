// The command line of Prefade: words in, text and an exit status out. Main thread.
#pragma once

#include <span>
#include <string>

namespace prefade::command_line {

/// `words`: after the program's name. 0 done, 1 not done (one line on standard error), 2 misuse.
int run(std::span<const std::string> words);

} // namespace prefade::command_line
