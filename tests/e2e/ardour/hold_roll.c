/* LD_PRELOAD shim for hardour (Ardour without its GUI), built together with jack_noprop.c.
 *
 * hardour's main() sleeps one second after loading a session and then starts the transport, always:
 * Session::request_roll(). That single call from the main thread is held back here, and the file named
 * in ARDOUR_READY_FILE is written instead: it says the session is loaded, the signal handlers are
 * installed and the transport stands still. Calls from other threads (OSC, Mackie) go through. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define REQUEST_ROLL "_ZN6ARDOUR7Session12request_rollENS_22TransportRequestSourceE"

void request_roll(void* session, int source) __asm__(REQUEST_ROLL);

void request_roll(void* session, int source)
{
    static void (*original)(void*, int);
    static int held;
    const char* path = getenv("ARDOUR_READY_FILE");
    if (!held && path && gettid() == getpid()) {
        held = 1;
        const int file = open(path, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0644);
        if (file >= 0 && write(file, "ready\n", 6) == 6) close(file);
        return;
    }
    if (!original) *(void**)&original = dlsym(RTLD_NEXT, REQUEST_ROLL);
    if (original) original(session, source);
}
