#include "overlay/window.h"

// Dear ImGui's back-end loads the OpenGL functions that it needs itself; of ours there are a few of version 1.1.
#include <GLFW/glfw3.h>
#include <imgui.h>

#include <backends/imgui_impl_glfw.h>
#include <backends/imgui_impl_opengl3.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace prefade::overlay {
namespace {

using namespace std::chrono_literals;

constexpr int step = 24; ///< px that a key moves or sizes the window by
constexpr double scale_step = 1.1;
constexpr Duration place_rests = 500ms; ///< before it is kept
constexpr Duration place_takes =
    400ms;                     ///< until a window manager has put the window where it was asked to
constexpr int late_frames = 2; ///< Dear ImGui lays out in one frame and shows it in the next

std::string last_error() {
    const char* text = nullptr;
    glfwGetError(&text);
    return text ? text : "no reason given";
}

std::optional<Key::Kind> kind_of(int key) {
    constexpr std::pair<int, Key::Kind> kinds[] = {{GLFW_KEY_ESCAPE, Key::escape},
                                                   {GLFW_KEY_ENTER, Key::enter},
                                                   {GLFW_KEY_KP_ENTER, Key::enter},
                                                   {GLFW_KEY_TAB, Key::tab},
                                                   {GLFW_KEY_UP, Key::up},
                                                   {GLFW_KEY_DOWN, Key::down},
                                                   {GLFW_KEY_LEFT, Key::left},
                                                   {GLFW_KEY_RIGHT, Key::right},
                                                   {GLFW_KEY_PAGE_UP, Key::page_up},
                                                   {GLFW_KEY_PAGE_DOWN, Key::page_down},
                                                   {GLFW_KEY_HOME, Key::home},
                                                   {GLFW_KEY_END, Key::end},
                                                   {GLFW_KEY_F1, Key::f1}};
    for (const auto& [code, kind] : kinds)
        if (code == key) return kind;
    return std::nullopt;
}

} // namespace

Window::Window(std::filesystem::path place_file)
    : place_file_(std::move(place_file)),
      place_(load_place(place_file_)),
      kept_(place_),
      letters_([this] {
          auto found = find_typeface();
          if (!found) ui_.typeface_trouble = found.error().message;
          return found ? std::optional(std::move(*found)) : std::nullopt;
      }()) {}

Result<std::unique_ptr<Window>> Window::open(const std::filesystem::path& place_file) {
    auto window = std::unique_ptr<Window>(new Window(place_file));
    if (const auto made = window->make(); !made) return made.error();
    return window;
}

Result<void> Window::make() {
#if defined(GLFW_PLATFORM_X11) && !defined(_WIN32) && !defined(__APPLE__)
    // Wayland lets no window choose its place or stay on top; XWayland does.
    glfwInitHint(GLFW_PLATFORM, GLFW_PLATFORM_X11);
#endif
#if !defined(_WIN32) && !defined(__APPLE__)
    // Where Mesa draws on the processor: on this thread, the other cores are the DAW's. Less work in all, too. Mesa
    // reads it with the first context; what the user has set stays.
    ::setenv("LP_NUM_THREADS", "0", 0);
#endif
    if (!glfwInit()) return Error{ErrorCode::unavailable, "no display: " + last_error(), {}};
    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
#ifdef __APPLE__
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 2);
    glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
    glfwWindowHint(GLFW_OPENGL_FORWARD_COMPAT, GLFW_TRUE);
    const char* shading = "#version 150";
#else
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 0);
    const char* shading = "#version 130";
#endif
    glfwWindowHint(GLFW_DECORATED, GLFW_FALSE);
    glfwWindowHint(GLFW_FLOATING, GLFW_TRUE);
    glfwWindowHint(GLFW_FOCUS_ON_SHOW, GLFW_FALSE); // the DAW keeps the keyboard
    glfwWindowHint(GLFW_VISIBLE, GLFW_FALSE);       // until it is in its place
    glfwWindowHint(GLFW_DEPTH_BITS, 0);
    glfwWindowHint(GLFW_STENCIL_BITS, 0);
    glfwWindowHintString(GLFW_X11_CLASS_NAME, "prefade-overlay");
    glfwWindowHintString(GLFW_X11_INSTANCE_NAME, "prefade-overlay");
    window_ = glfwCreateWindow(place_.width, place_.height, "Prefade", nullptr, nullptr);
    if (!window_)
        return Error{ErrorCode::unavailable, "no window with OpenGL 3: " + last_error(), {}};
    glfwSetWindowUserPointer(window_, this);
    glfwMakeContextCurrent(window_);
    glfwSwapInterval(0); // paced here; some drivers wait for the screen in a loop
    ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.ConfigInputTextCursorBlink = false; // nothing moves unless something changed
    // First ours, so that Dear ImGui's back-end calls them on.
    glfwSetKeyCallback(window_, on_key);
    glfwSetCharCallback(window_, on_character);
    const auto touch = [](GLFWwindow* window) {
        static_cast<Window*>(glfwGetWindowUserPointer(window))->touched_ = true;
    };
    glfwSetWindowRefreshCallback(window_, touch);
    glfwSetCursorPosCallback(window_, [](GLFWwindow* window, double, double) {
        static_cast<Window*>(glfwGetWindowUserPointer(window))->touched_ = true;
    });
    glfwSetMouseButtonCallback(window_, [](GLFWwindow* window, int, int, int) {
        static_cast<Window*>(glfwGetWindowUserPointer(window))->touched_ = true;
    });
    glfwSetScrollCallback(window_, [](GLFWwindow* window, double, double) {
        static_cast<Window*>(glfwGetWindowUserPointer(window))->touched_ = true;
    });
    glfwSetCursorEnterCallback(window_, [](GLFWwindow* window, int) {
        static_cast<Window*>(glfwGetWindowUserPointer(window))->touched_ = true;
    });
    glfwSetFramebufferSizeCallback(window_, [](GLFWwindow* window, int, int) {
        static_cast<Window*>(glfwGetWindowUserPointer(window))->touched_ = true;
    });
    glfwSetWindowContentScaleCallback(window_, [](GLFWwindow* window, float, float) {
        static_cast<Window*>(glfwGetWindowUserPointer(window))->touched_ = true;
    });
    if (!ImGui_ImplGlfw_InitForOpenGL(window_, true) || !ImGui_ImplOpenGL3_Init(shading))
        return Error{ErrorCode::unavailable, "OpenGL 3 cannot be used here", {}};
#ifdef GLFW_MOUSE_PASSTHROUGH
    ui_.can_click_through = true;
#endif
    ui_.compact = place_.compact;
    ui_.panel = value_in(panel_names, place_.panel).value_or(Panel::advice);
    apply_place();
    glfwShowWindow(window_);
    apply_place(); // some window managers place what is new themselves
    return {};
}

Window::~Window() {
    if (window_) {
        note_place();
        if (place_ != kept_) (void)save_place(place_, place_file_);
        ImGui_ImplOpenGL3_Shutdown();
        ImGui_ImplGlfw_Shutdown();
        ImGui::DestroyContext();
        glfwDestroyWindow(window_);
    }
    glfwTerminate();
}

bool Window::closed() const { return glfwWindowShouldClose(window_) != 0; }

void Window::wait(TimePoint until) {
    if (until == TimePoint::max()) {
        glfwWaitEvents();
    } else if (const auto left = std::chrono::duration<double>(until - Clock::now());
               left.count() > 0.0) {
        glfwWaitEventsTimeout(left.count());
    } else {
        glfwPollEvents();
    }
}

void Window::wake() noexcept { glfwPostEmptyEvent(); }

// ---- place ----------------------------------------------------------------------------------

std::vector<Monitor> Window::monitors() const {
    std::vector<Monitor> all;
    int count = 0;
    GLFWmonitor** found = glfwGetMonitors(&count);
    for (int i = 0; i < count; ++i) {
        Monitor monitor;
        const char* name = glfwGetMonitorName(found[i]);
        monitor.name = name ? name : "";
        glfwGetMonitorWorkarea(found[i], &monitor.x, &monitor.y, &monitor.width, &monitor.height);
        all.push_back(std::move(monitor));
    }
    return all;
}

/// Screen coordinates per px at scale 1. Where a coordinate is several pixels (macOS) the monitor's scale is in it.
double Window::pixels() const {
    float content = 1.0F;
    glfwGetWindowContentScale(window_, &content, nullptr);
    int wide = 0, pixels_wide = 0;
    glfwGetWindowSize(window_, &wide, nullptr);
    glfwGetFramebufferSize(window_, &pixels_wide, nullptr);
    const double ratio =
        wide > 0 && pixels_wide > 0 ? static_cast<double>(pixels_wide) / wide : 1.0;
    return static_cast<double>(content) / ratio * place_.scale;
}

void Window::apply_place() {
    const auto all = monitors();
    const Area area = area_of(place_, all, pixels());
    glfwSetWindowSize(window_, area.width, area.height);
    glfwSetWindowPos(window_, area.x, area.y);
    glfwSetWindowOpacity(window_, static_cast<float>(place_.opacity));
    ui_.opacity = static_cast<float>(place_.opacity);
    placed_at_ = Clock::now();
    touched_ = true;
}

/// Reads where the window is now; while it is on its way, where it was sent to holds.
void Window::note_place() {
    place_.compact = ui_.compact;
    place_.panel = name_in(panel_names, ui_.panel == Panel::keys ? ui_.back_to : ui_.panel);
    if (Clock::now() - placed_at_ < place_takes) return;
    Area area;
    glfwGetWindowPos(window_, &area.x, &area.y);
    glfwGetWindowSize(window_, &area.width, &area.height);
    const auto all = monitors();
    const Monitor* monitor = monitor_of(area, all);
    if (!monitor) return;
    place_.monitor = monitor->name;
    place_.x = area.x - monitor->x;
    place_.y = area.y - monitor->y;
    const double unit = pixels();
    const int width = static_cast<int>(std::lround(area.width / unit)),
              height = static_cast<int>(std::lround(area.height / unit));
    (place_.compact ? place_.compact_width : place_.width) = width;
    (place_.compact ? place_.compact_height : place_.height) = height;
}

std::optional<TimePoint> Window::keep_place(TimePoint now) {
    const Place before = place_;
    note_place();
    if (place_ == kept_) {
        keep_at_.reset();
    } else if (!keep_at_ || place_ != before) {
        keep_at_ = now + place_rests;
    } else if (now >= *keep_at_) {
        if (save_place(place_, place_file_)) kept_ = place_;
        keep_at_.reset();
    }
    return keep_at_;
}

/// The other size keeps the edges that are nearer to the edges of the monitor.
void Window::other_size() {
    note_place();
    const auto all = monitors();
    const Area before = area_of(place_, all, pixels());
    const Monitor* monitor = monitor_of(before, all);
    place_.compact = ui_.compact = !ui_.compact;
    if (monitor) {
        const double unit = pixels();
        const int width = static_cast<int>(
                      std::lround((place_.compact ? place_.compact_width : place_.width) * unit)),
                  height = static_cast<int>(
                      std::lround((place_.compact ? place_.compact_height : place_.height) * unit));
        if (2 * (before.x - monitor->x) + before.width > monitor->width)
            place_.x = before.x - monitor->x + before.width - width;
        if (2 * (before.y - monitor->y) + before.height > monitor->height)
            place_.y = before.y - monitor->y + before.height - height;
    }
    apply_place();
}

void Window::nudge(int right, int down, int wider, int taller) {
    note_place();
    place_.x += right;
    place_.y += down;
    int& width = place_.compact ? place_.compact_width : place_.width;
    int& height = place_.compact ? place_.compact_height : place_.height;
    width = std::max(width + wider, 320);
    height = std::max(height + taller, place_.compact ? 160 : 240);
    apply_place();
}

void Window::carry_out(WindowWish wish) {
    switch (wish) {
    case WindowWish::begin_drag:
    case WindowWish::begin_resize: {
        Pull pull;
        pull.resizes = wish == WindowWish::begin_resize;
        glfwGetCursorPos(window_, &pull.x, &pull.y);
        glfwGetWindowSize(window_, &pull.width, &pull.height);
        pull_ = pull;
        break;
    }
    case WindowWish::left: nudge(-step, 0, 0, 0); break;
    case WindowWish::right: nudge(step, 0, 0, 0); break;
    case WindowWish::up: nudge(0, -step, 0, 0); break;
    case WindowWish::down: nudge(0, step, 0, 0); break;
    case WindowWish::wider: nudge(0, 0, step, 0); break;
    case WindowWish::narrower: nudge(0, 0, -step, 0); break;
    case WindowWish::taller: nudge(0, 0, 0, step); break;
    case WindowWish::shorter: nudge(0, 0, 0, -step); break;
    case WindowWish::other_size: other_size(); break;
    case WindowWish::larger:
    case WindowWish::smaller: {
        note_place();
        const double by = wish == WindowWish::larger ? scale_step : 1.0 / scale_step;
        place_.scale = std::clamp(place_.scale * by, 0.5, 3.0);
        apply_place();
        break;
    }
    case WindowWish::more_opaque:
    case WindowWish::less_opaque:
        place_.opacity =
            std::clamp(place_.opacity + (wish == WindowWish::more_opaque ? 0.1 : -0.1), 0.3, 1.0);
        apply_place();
        break;
    case WindowWish::click_through:
#ifdef GLFW_MOUSE_PASSTHROUGH
        ui_.click_through = !ui_.click_through;
        glfwSetWindowAttrib(window_, GLFW_MOUSE_PASSTHROUGH,
                            ui_.click_through ? GLFW_TRUE : GLFW_FALSE);
#endif
        break;
    case WindowWish::close: glfwSetWindowShouldClose(window_, GLFW_TRUE); break;
    case WindowWish::start_daemon:
    case WindowWish::start_demo: break; // of the link
    }
}

/// While the header or the corner is held, the window goes with the mouse.
void Window::follow_mouse() {
    if (!pull_) return;
    if (glfwGetMouseButton(window_, GLFW_MOUSE_BUTTON_LEFT) != GLFW_PRESS) {
        pull_.reset();
        return;
    }
    double x = 0.0, y = 0.0;
    glfwGetCursorPos(window_, &x, &y);
    const int right = static_cast<int>(std::lround(x - pull_->x)),
              down = static_cast<int>(std::lround(y - pull_->y));
    if (pull_->resizes) {
        const int least = static_cast<int>(std::lround(240 * pixels()));
        glfwSetWindowSize(window_, std::max(pull_->width + right, least),
                          std::max(pull_->height + down, least));
    } else if (right != 0 || down != 0) {
        int at_x = 0, at_y = 0;
        glfwGetWindowPos(window_, &at_x, &at_y);
        glfwSetWindowPos(window_, at_x + right, at_y + down);
    }
    touched_ = true;
}

// ---- drawing --------------------------------------------------------------------------------

void Window::rescale() {
    int wide = 0, pixels_wide = 0;
    glfwGetWindowSize(window_, &wide, nullptr);
    glfwGetFramebufferSize(window_, &pixels_wide, nullptr);
    const double scale = pixels();
    style_.fonts = letters_.bake(static_cast<float>(scale));
    style_.scale = static_cast<float>(scale);
    apply_style(style_.scale);
    ImGui_ImplOpenGL3_DestroyFontsTexture();
    ImGui_ImplOpenGL3_CreateFontsTexture();
    baked_scale_ = scale;
}

std::vector<Wish> Window::draw(const View& view, TimePoint now) {
    const bool was_touched = std::exchange(touched_, false);
    settling_ = was_touched ? late_frames : std::max(0, settling_ - 1);
    // Only then can the scale be another one; to ask the display takes its time.
    if (letters_.need(view) || (was_touched && std::abs(pixels() - baked_scale_) > 1e-3)) rescale();
    follow_mouse();
    ImGui_ImplOpenGL3_NewFrame();
    ImGui_ImplGlfw_NewFrame();
    ImGui::NewFrame();
    Frame frame{view, ui_, now, std::exchange(keys_, {}), {}, {}, false};
    draw_all(Canvas{frame, style_});
    ImGui::Render();
    shows_ages_ = frame.shows_ages;
    // The ground is cleared, not drawn: a quad as large as the window costs a software renderer more than all else.
    const ImVec4 ground = ImGui::ColorConvertU32ToFloat4(colour::ground);
    glClearColor(ground.x, ground.y, ground.z, 1.0F);
    glClear(GL_COLOR_BUFFER_BIT);
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
    glfwSwapBuffers(window_);
    for (const Wish& wish : frame.wishes)
        if (const auto* own = std::get_if<WindowWish>(&wish)) carry_out(*own);
    if (!frame.wishes.empty()) settling_ = late_frames;
    return std::move(frame.wishes);
}

void Window::on_key(GLFWwindow* window, int key, int scancode, int action, int mods) noexcept {
    auto& own = *static_cast<Window*>(glfwGetWindowUserPointer(window));
    own.touched_ = true;
    own.repeats_ = action == GLFW_REPEAT;
    if (action == GLFW_RELEASE) return;
    Key pressed;
    pressed.shift = (mods & GLFW_MOD_SHIFT) != 0;
    pressed.ctrl = (mods & GLFW_MOD_CONTROL) != 0;
    if (const auto kind = kind_of(key)) {
        pressed.kind = *kind;
    } else {
        const char* name = pressed.ctrl ? glfwGetKeyName(key, scancode) : nullptr;
        if (!name) return; // comes as a character
        pressed.point = static_cast<unsigned char>(name[0]);
    }
    // A key that is held down scrolls and moves on; it neither applies nor stops again and again.
    const bool moves = pressed.kind != Key::character && pressed.kind != Key::enter
                       && pressed.kind != Key::escape && pressed.kind != Key::f1;
    if (!own.repeats_ || moves) own.keys_.push_back(pressed);
}

void Window::on_character(GLFWwindow* window, unsigned point) noexcept {
    auto& own = *static_cast<Window*>(glfwGetWindowUserPointer(window));
    own.touched_ = true;
    if (own.repeats_) return; // a text field hears it from Dear ImGui
    Key typed;
    typed.point = point;
    own.keys_.push_back(typed);
}

} // namespace prefade::overlay
