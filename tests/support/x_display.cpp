#include "tests/support/x_display.h"

#include <X11/Xatom.h>
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/extensions/XTest.h>
#include <png.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <stdexcept>

namespace prefade::test {
namespace {

// A window may go between being listed and being looked at.
int ignore(::Display*, XErrorEvent*) { return 0; }

std::string title_of(::Display* display, Window window) {
    char* name = nullptr;
    if (!XFetchName(display, window, &name) || !name) return {};
    std::string title(name);
    XFree(name);
    return title;
}

Window find_below(::Display* display, Window root, const std::string& title) {
    if (title_of(display, root) == title) {
        XWindowAttributes attributes;
        if (XGetWindowAttributes(display, root, &attributes) && attributes.map_state == IsViewable)
            return root;
    }
    Window ignored_root = 0, parent = 0, *children = nullptr, found = 0;
    unsigned count = 0;
    if (!XQueryTree(display, root, &ignored_root, &parent, &children, &count)) return 0;
    for (unsigned i = 0; i < count && !found; ++i) found = find_below(display, children[i], title);
    if (children) XFree(children);
    return found;
}

/// True once a program says by this property of the root that it is there.
bool has_property(::Display* display, const char* name) {
    const Atom atom = XInternAtom(display, name, False);
    Atom type = 0;
    int format = 0;
    unsigned long count = 0, left = 0;
    unsigned char* data = nullptr;
    XGetWindowProperty(display, DefaultRootWindow(display), atom, 0, 1, False, AnyPropertyType,
                       &type, &format, &count, &left, &data);
    if (data) XFree(data);
    return type != 0;
}

} // namespace

// ---- pixels ---------------------------------------------------------------------------------

Pixels Pixels::read_png(const std::filesystem::path& file) {
    png_image image;
    std::memset(&image, 0, sizeof image);
    image.version = PNG_IMAGE_VERSION;
    if (!png_image_begin_read_from_file(&image, file.c_str()))
        throw std::runtime_error(file.string() + ": " + image.message);
    image.format = PNG_FORMAT_RGB;
    Pixels pixels{static_cast<int>(image.width), static_cast<int>(image.height),
                  std::vector<std::uint8_t>(PNG_IMAGE_SIZE(image))};
    if (!png_image_finish_read(&image, nullptr, pixels.rgb.data(), 0, nullptr))
        throw std::runtime_error(file.string() + ": " + image.message);
    return pixels;
}

void Pixels::write_png(const std::filesystem::path& file) const {
    png_image image;
    std::memset(&image, 0, sizeof image);
    image.version = PNG_IMAGE_VERSION;
    image.width = static_cast<png_uint_32>(width);
    image.height = static_cast<png_uint_32>(height);
    image.format = PNG_FORMAT_RGB;
    if (!png_image_write_to_file(&image, file.c_str(), 0, rgb.data(), 0, nullptr))
        throw std::runtime_error(file.string() + ": " + image.message);
}

Pixels Pixels::part(int x, int y, int w, int h) const {
    Pixels out{w, h, {}};
    for (int row = y; row < y + h; ++row) {
        const auto start = rgb.begin() + (static_cast<std::ptrdiff_t>(row) * width + x) * 3;
        out.rgb.insert(out.rgb.end(), start, start + static_cast<std::ptrdiff_t>(w) * 3);
    }
    return out;
}

double difference(const Pixels& a, const Pixels& b, int tolerance) {
    if (a.width != b.width || a.height != b.height) return 1.0;
    std::size_t unlike = 0;
    for (std::size_t i = 0; i < a.rgb.size(); i += 3) {
        int most = 0;
        for (std::size_t c = 0; c < 3; ++c)
            most = std::max(most, std::abs(int{a.rgb[i + c]} - int{b.rgb[i + c]}));
        unlike += most > tolerance ? 1U : 0U;
    }
    const std::size_t pixels = a.rgb.size() / 3;
    return static_cast<double>(unlike) / static_cast<double>(pixels);
}

// ---- the display ----------------------------------------------------------------------------

struct XDisplay::Impl {
    OwnFolder folder;
    std::string name;
    ::Display* display{nullptr};
    std::unique_ptr<Process> server, manager, compositor;
};

XDisplay::XDisplay(int width, int height) : impl_(std::make_unique<Impl>()) {
    const auto number = impl_->folder.path() / "number";
    // The server chooses a number that is free and writes it once it listens.
    impl_->server = std::make_unique<Process>(
        std::vector<std::string>{"sh", "-c",
                                 "exec Xvfb -displayfd 3 -nolisten tcp -screen 0 "
                                     + std::to_string(width) + 'x' + std::to_string(height)
                                     + "x24 3> " + number.string()},
        impl_->folder.path() / "xvfb.log", Environment{});
    if (!eventually(Seconds(20), [&] { return text_of_file(number).ends_with('\n'); }))
        throw std::runtime_error("Xvfb did not start: "
                                 + text_of_file(impl_->folder.path() / "xvfb.log"));
    std::string text = text_of_file(number);
    text.pop_back();
    impl_->name = ':' + text;
    impl_->display = XOpenDisplay(impl_->name.c_str());
    if (!impl_->display) throw std::runtime_error("cannot open display " + impl_->name);
    XSetErrorHandler(ignore);
    impl_->manager = std::make_unique<Process>(std::vector<std::string>{"openbox"},
                                               impl_->folder.path() / "openbox.log", environment());
    if (!eventually(Seconds(20),
                    [&] { return has_property(impl_->display, "_NET_SUPPORTING_WM_CHECK"); }))
        throw std::runtime_error("openbox did not start: "
                                 + text_of_file(impl_->folder.path() / "openbox.log"));
    impl_->compositor = std::make_unique<Process>(
        std::vector<std::string>{"picom", "--config", "/dev/null", "--backend", "xrender"},
        impl_->folder.path() / "picom.log", environment());
    const Atom composes = XInternAtom(impl_->display, "_NET_WM_CM_S0", False);
    if (!eventually(Seconds(20), [&] { return XGetSelectionOwner(impl_->display, composes) != 0; }))
        throw std::runtime_error("picom did not start: "
                                 + text_of_file(impl_->folder.path() / "picom.log"));
}

XDisplay::~XDisplay() {
    if (impl_->display) XCloseDisplay(impl_->display);
    impl_->compositor.reset();
    impl_->manager.reset();
}

std::string XDisplay::name() const { return impl_->name; }

Environment XDisplay::environment() const {
    const std::string home = impl_->folder.path().string();
    return {{"DISPLAY", impl_->name},
            {"HOME", home},
            {"XDG_CONFIG_HOME", home + "/config"},
            {"LIBGL_ALWAYS_SOFTWARE", "1"},
            {"WAYLAND_DISPLAY", ""}};
}

std::optional<OnScreen> XDisplay::find(const std::string& title) const {
    const Window window = find_below(impl_->display, DefaultRootWindow(impl_->display), title);
    if (!window) return std::nullopt;
    XWindowAttributes attributes;
    if (!XGetWindowAttributes(impl_->display, window, &attributes)) return std::nullopt;
    int x = 0, y = 0;
    Window child = 0;
    XTranslateCoordinates(impl_->display, window, DefaultRootWindow(impl_->display), 0, 0, &x, &y,
                          &child);
    return OnScreen{window, x, y, attributes.width, attributes.height};
}

void XDisplay::raise_plain(int x, int y, int width, int height, std::uint32_t colour) {
    ::Display* display = impl_->display;
    const Window window =
        XCreateSimpleWindow(display, DefaultRootWindow(display), x, y, static_cast<unsigned>(width),
                            static_cast<unsigned>(height), 0, 0, colour);
    XStoreName(display, window, "plain");
    XSizeHints hints{};
    hints.flags = USPosition | USSize;
    hints.x = x;
    hints.y = y;
    XSetWMNormalHints(display, window, &hints);
    XMapRaised(display, window);
    XSync(display, False);
    if (!eventually(Seconds(10), [&] { return find("plain").has_value(); }))
        throw std::runtime_error("a plain window was not shown");
    // As a pager or the user would ask for it: to the top, active.
    XEvent event{};
    event.xclient.type = ClientMessage;
    event.xclient.window = window;
    event.xclient.message_type = XInternAtom(display, "_NET_ACTIVE_WINDOW", False);
    event.xclient.format = 32;
    event.xclient.data.l[0] = 2;
    XSendEvent(display, DefaultRootWindow(display), False,
               SubstructureRedirectMask | SubstructureNotifyMask, &event);
    XRaiseWindow(display, window);
    XSync(display, False);
}

Pixels XDisplay::grab() const {
    ::Display* display = impl_->display;
    XWindowAttributes root;
    XGetWindowAttributes(display, DefaultRootWindow(display), &root);
    XImage* image =
        XGetImage(display, DefaultRootWindow(display), 0, 0, static_cast<unsigned>(root.width),
                  static_cast<unsigned>(root.height), AllPlanes, ZPixmap);
    if (!image) throw std::runtime_error("the screen cannot be read");
    Pixels pixels{root.width, root.height, {}};
    pixels.rgb.reserve(static_cast<std::size_t>(root.width) * static_cast<std::size_t>(root.height)
                       * 3);
    for (int y = 0; y < root.height; ++y)
        for (int x = 0; x < root.width; ++x) {
            const unsigned long pixel = XGetPixel(image, x, y);
            for (const int shift : {16, 8, 0})
                pixels.rgb.push_back(static_cast<std::uint8_t>(pixel >> shift));
        }
    XDestroyImage(image);
    return pixels;
}

void XDisplay::focus(const OnScreen& window) const {
    XSetInputFocus(impl_->display, window.id, RevertToPointerRoot, CurrentTime);
    XSync(impl_->display, False);
}

void XDisplay::key(const std::string& name) const {
    std::vector<KeyCode> codes;
    for (std::size_t at = 0; at <= name.size();) {
        const std::size_t end = std::min(name.find('+', at), name.size());
        const std::string part = name.substr(at, end - at);
        const KeySym symbol = XStringToKeysym(part == "ctrl"    ? "Control_L"
                                              : part == "shift" ? "Shift_L"
                                                                : part.c_str());
        if (symbol == NoSymbol) throw std::runtime_error("no key is called " + part);
        codes.push_back(XKeysymToKeycode(impl_->display, symbol));
        at = end + 1;
    }
    for (const KeyCode code : codes) XTestFakeKeyEvent(impl_->display, code, True, 0);
    for (auto code = codes.rbegin(); code != codes.rend(); ++code)
        XTestFakeKeyEvent(impl_->display, *code, False, 0);
    XSync(impl_->display, False);
}

void XDisplay::move_mouse(int x, int y) const {
    XTestFakeMotionEvent(impl_->display, -1, x, y, 0);
    XSync(impl_->display, False);
}

void XDisplay::button(bool down) const {
    XTestFakeButtonEvent(impl_->display, 1, down ? True : False, 0);
    XSync(impl_->display, False);
}

} // namespace prefade::test
