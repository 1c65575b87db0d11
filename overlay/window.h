// The window on the screen: always on top, without a frame, where it was last time. GLFW and OpenGL are known here and
// in main.cpp only. Main thread.
#pragma once

#include "overlay/panels/panels.h"
#include "overlay/place.h"
#include "overlay/typeface.h"

#include <filesystem>
#include <memory>

struct GLFWwindow;

namespace prefade::overlay {

class Window {
public:
    /// Errors: unavailable, when there is no display or no OpenGL 3.
    static Result<std::unique_ptr<Window>> open(const std::filesystem::path& place_file);
    ~Window();
    Window(const Window&) = delete;
    Window& operator=(const Window&) = delete;

    /// Draws `view` once and returns what the user wants of the daemon; wishes about the window are done.
    std::vector<Wish> draw(const View& view, TimePoint now);
    /// Sleeps until something happens to the window, `wake` is called or `until` comes.
    void wait(TimePoint until);
    /// any thread.
    static void wake() noexcept;

    bool closed() const;
    /// Something happened to the window since the last frame, so that it has to be drawn.
    bool touched() const noexcept { return touched_; }
    /// Frames that only settle what Dear ImGui draws late are still due.
    bool settles() const noexcept { return settling_ > 0; }
    /// Texts of the last frame change with time alone.
    bool shows_ages() const noexcept { return shows_ages_; }
    bool shows_status() const noexcept { return ui_.panel == Panel::status && !ui_.compact; }
    /// Keeps where it is, once it has been there for a moment. When that is due; nothing when it is kept.
    std::optional<TimePoint> keep_place(TimePoint now);

private:
    explicit Window(std::filesystem::path place_file);
    Result<void> make();
    void apply_place();
    void note_place();
    void rescale();
    void carry_out(WindowWish wish);
    void other_size();
    void nudge(int right, int down, int wider, int taller);
    void follow_mouse();
    double pixels() const;
    std::vector<Monitor> monitors() const;

    static void on_key(GLFWwindow* window, int key, int scancode, int action, int mods) noexcept;
    static void on_character(GLFWwindow* window, unsigned point) noexcept;

    struct Pull {
        bool resizes{false};
        double x{0}, y{0}; ///< of the mouse in the window, where it began
        int width{0}, height{0};
    };

    GLFWwindow* window_{nullptr};
    std::filesystem::path place_file_;
    Place place_, kept_;
    TimePoint placed_at_{}; ///< when the window was last sent somewhere
    std::optional<TimePoint> keep_at_;
    Ui ui_;
    Letters letters_;
    Style style_;
    double baked_scale_{0.0};
    std::vector<Key> keys_;
    bool repeats_{false}; ///< the key that is being heard of is held down
    std::optional<Pull> pull_;
    bool touched_{true}, shows_ages_{false};
    int settling_{0};
};

} // namespace prefade::overlay
