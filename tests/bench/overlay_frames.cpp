// overlay_frames empty|full FRAMES PLACE: draws that many frames on the display, 30 a second at most, and prints
// "CPU_MS_PER_FRAME RESIDENT_MB". `empty` is a window of Dear ImGui and GLFW with nothing in it, of the same size;
// `full` is the overlay's with 64 strips whose meters move in every frame, each read from its JSON as it comes from
// the daemon. Processor time of all threads: a software renderer draws on several.
#include "overlay/window.h"
#include "tests/overlay/snapshots.h"

#include <GLFW/glfw3.h>
#include <backends/imgui_impl_glfw.h>
#include <backends/imgui_impl_opengl3.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <string>

#include <sys/resource.h>
#include <unistd.h>

namespace {

using namespace prefade;
using namespace prefade::overlay;
using namespace std::chrono_literals;

constexpr int different = 16; ///< snapshots, in turn
constexpr int warm_up = 30;   ///< frames that are not counted: shaders are compiled, fonts baked

double cpu_ms() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    const auto ms = [](const timeval& time) {
        return 1e3 * static_cast<double>(time.tv_sec) + 1e-3 * static_cast<double>(time.tv_usec);
    };
    return ms(used.ru_utime) + ms(used.ru_stime);
}

double resident_mb() {
    std::ifstream statm("/proc/self/statm");
    double size = 0.0, resident = 0.0;
    statm >> size >> resident;
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
}

void measure(int frames, const std::function<void(int)>& draw) {
    double before = 0.0;
    TimePoint next = Clock::now();
    for (int i = 0; i < warm_up + frames; ++i) {
        if (i == warm_up) before = cpu_ms();
        draw(i);
        next += 33ms;
        while (Clock::now() < next)
            glfwWaitEventsTimeout(std::chrono::duration<double>(next - Clock::now()).count());
    }
    std::printf("%.4f %.2f\n", (cpu_ms() - before) / frames, resident_mb());
}

int draw_empty(int frames) {
    if (!glfwInit()) return 1;
    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 0);
    const Place usual;
    GLFWwindow* window = glfwCreateWindow(usual.width, usual.height, "empty", nullptr, nullptr);
    if (!window) return 1;
    glfwMakeContextCurrent(window);
    glfwSwapInterval(0);
    ImGui::CreateContext();
    ImGui::GetIO().IniFilename = nullptr;
    ImGui_ImplGlfw_InitForOpenGL(window, true);
    ImGui_ImplOpenGL3_Init("#version 130");
    measure(frames, [&](int) {
        ImGui_ImplOpenGL3_NewFrame();
        ImGui_ImplGlfw_NewFrame();
        ImGui::NewFrame();
        ImGui::Render();
        int width = 0, height = 0;
        glfwGetFramebufferSize(window, &width, &height);
        glViewport(0, 0, width, height);
        glClear(GL_COLOR_BUFFER_BIT);
        ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
        glfwSwapBuffers(window);
    });
    return 0;
}

int draw_full(int frames, const char* place_file) {
    Place place;
    place.panel = "strips";
    if (!save_place(place, place_file)) return 1;
    auto window = Window::open(place_file);
    if (!window) {
        std::fprintf(stderr, "%s\n", window.error().message.c_str());
        return 1;
    }
    Snapshot snapshot = test::many_strips(64);
    std::vector<std::string> lines; // as the daemon sends them
    for (int i = 0; i < different; ++i) {
        for (std::size_t s = 0; s < snapshot.session.strips.size(); ++s)
            snapshot.session.strips[s].meters[0].latest.value =
                -20.0 + 18.0 * std::sin(0.21 * i + static_cast<double>(s));
        lines.push_back(to_line(snapshot, test::drawn_at));
    }
    View view;
    view.line = View::Line::connected;
    double reading = 0.0;
    measure(frames, [&](int i) {
        const double before = cpu_ms();
        const TimePoint now = Clock::now();
        {
            const auto json = parse_json(lines[static_cast<std::size_t>(i % different)]);
            view.picture = picture_of(*json, now);
        }
        if (i >= warm_up) reading += cpu_ms() - before;
        (*window)->draw(view, now);
    });
    std::printf("%.4f\n", reading / frames);
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 4) return 2;
    const int frames = std::atoi(argv[2]);
    return std::string(argv[1]) == "empty" ? draw_empty(frames) : draw_full(frames, argv[3]);
}
