// A folder of a test's own, removed with all that is in it.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

namespace prefade::test {

class OwnFolder {
public:
    OwnFolder() {
        std::string form =
            (std::filesystem::temp_directory_path() / "prefade-test.XXXXXX").string();
        path_ = ::mkdtemp(form.data()) != nullptr
                    ? form
                    : throw std::system_error(errno, std::generic_category());
    }
    ~OwnFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    OwnFolder(const OwnFolder&) = delete;
    OwnFolder& operator=(const OwnFolder&) = delete;

    const std::filesystem::path& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

} // namespace prefade::test
