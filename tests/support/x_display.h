// A display of a test's own: a virtual X server with a window manager and a compositor, a mouse and a keyboard to act
// with, and what is on the screen as pixels. Linux; test's main thread.
#pragma once

#include "tests/support/own_folder.h"
#include "tests/support/process.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace prefade::test {

/// Pixels row by row, three bytes each: red, green, blue.
struct Pixels {
    int width{0}, height{0};
    std::vector<std::uint8_t> rgb;
    /// Errors throw std::runtime_error.
    static Pixels read_png(const std::filesystem::path& file);
    void write_png(const std::filesystem::path& file) const;
    Pixels part(int x, int y, int w, int h) const;
};
/// Share of the pixels in which a channel differs by more than `tolerance` of 255; 1 when the sizes differ.
double difference(const Pixels& a, const Pixels& b, int tolerance);

struct OnScreen {
    unsigned long id{0};
    int x{0}, y{0}, width{0}, height{0};
};

class XDisplay {
public:
    /// Starts Xvfb, openbox and picom and waits until they run. Throws where one does not.
    XDisplay(int width, int height);
    ~XDisplay();
    XDisplay(const XDisplay&) = delete;
    XDisplay& operator=(const XDisplay&) = delete;

    std::string name() const; ///< ":12"
    Environment environment() const;
    /// The window with this title, once it is mapped.
    std::optional<OnScreen> find(const std::string& title) const;
    /// A plain window with frame, raised, in one colour (0xRRGGBB); it stays until the display ends.
    void raise_plain(int x, int y, int width, int height, std::uint32_t colour);
    Pixels grab() const;
    void focus(const OnScreen& window) const;
    /// A key by its X name, with modifiers before it: "Escape", "ctrl+Right".
    void key(const std::string& name) const;
    void move_mouse(int x, int y) const;
    void button(bool down) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace prefade::test
