// prefade: arguments in, exit status out; all else is in command_line/.
#include "daemon/command_line/run.h"

#include <string>
#include <vector>

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    return prefade::command_line::run(words);
}
