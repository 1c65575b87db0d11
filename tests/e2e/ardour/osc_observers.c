/* LD_PRELOAD shim for Ardour 7.3's OSC surface, built together with jack_noprop.c: what is on the way to an
 * observer that has been deleted, or that has lost its strip, is dropped instead of crashing Ardour.
 *
 * When a track is removed, Ardour tells the new numbers of all tracks behind it to every OSC surface's observers
 * through a queue, and deletes those observers meanwhile: nearly each removal of an upper track ends in
 * OSCRouteObserver::name_changed() (seen in core files). The messages that surfaces get are the same with and
 * without this. Only OSCRouteObserver's own functions are covered; the first member of an observer is its strip. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST = 65536 };
static void* living[MOST];
static size_t count;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static void* library;

static void* original(const char* name)
{
    void* function = library ? dlsym(library, name) : NULL;
    if (!function) {
        fprintf(stderr, "osc_observers: Ardour's OSC surface has no %s\n", name);
        abort();
    }
    return function;
}

static size_t place(const void* observer)
{
    size_t i = 0;
    while (i < count && living[i] != observer) ++i;
    return i;
}

static int can_take(void* const* observer)
{
    pthread_mutex_lock(&mutex);
    const int lives = place(observer) < count;
    pthread_mutex_unlock(&mutex);
    return lives && *observer;
}

#define CONSTRUCTOR "_ZN16OSCRouteObserverC1ERN13ArdourSurface3OSCEjPNS1_10OSCSurfaceE"
void construct(void*, void*, unsigned, void*) __asm__(CONSTRUCTOR);
void construct(void* observer, void* osc, unsigned number, void* surface)
{
    static void (*function)(void*, void*, unsigned, void*);
    if (!function) {
        Dl_info caller;
        if (dladdr(__builtin_return_address(0), &caller)) library = dlopen(caller.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
        *(void**)&function = original(CONSTRUCTOR);
    }
    pthread_mutex_lock(&mutex);
    if (count == MOST) abort();
    living[count++] = observer;
    pthread_mutex_unlock(&mutex);
    function(observer, osc, number, surface);
}

#define DESTRUCTOR "_ZN16OSCRouteObserverD1Ev"
void destroy(void*) __asm__(DESTRUCTOR);
void destroy(void* observer)
{
    static void (*function)(void*);
    if (!function) *(void**)&function = original(DESTRUCTOR);
    function(observer);
    pthread_mutex_lock(&mutex);
    const size_t at = place(observer);
    if (at < count) living[at] = living[--count];
    pthread_mutex_unlock(&mutex);
}

/* Strings and shared pointers are passed by the address of the caller's copy. */
#define GUARDED(function_name, symbol)                                      \
    void function_name(void*, void*, void*) __asm__(symbol);                \
    void function_name(void* observer, void* first, void* second)           \
    {                                                                       \
        static void (*function)(void*, void*, void*);                       \
        if (!can_take(observer)) return;                                    \
        if (!function) *(void**)&function = original(symbol);               \
        function(observer, first, second);                                  \
    }

#define STRING "NSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE"
#define CONTROLLABLE "N5boost10shared_ptrIN3PBD12ControllableEEE"
GUARDED(name_changed, "_ZN16OSCRouteObserver12name_changedERKN3PBD14PropertyChangeE")
GUARDED(pi_changed, "_ZN16OSCRouteObserver10pi_changedERKN3PBD14PropertyChangeE")
GUARDED(send_select_status, "_ZN16OSCRouteObserver18send_select_statusERKN3PBD14PropertyChangeE")
GUARDED(no_strip, "_ZN16OSCRouteObserver8no_stripEv")
GUARDED(group_name, "_ZN16OSCRouteObserver10group_nameEv")
GUARDED(send_gain_message, "_ZN16OSCRouteObserver17send_gain_messageEv")
GUARDED(send_trim_message, "_ZN16OSCRouteObserver17send_trim_messageEv")
GUARDED(gain_automation, "_ZN16OSCRouteObserver15gain_automationEv")
GUARDED(panner_changed, "_ZN16OSCRouteObserver14panner_changedEN5boost10shared_ptrIN6ARDOUR11PannerShellEEE")
GUARDED(send_monitor_status, "_ZN16OSCRouteObserver19send_monitor_statusE" CONTROLLABLE)
GUARDED(send_change_message, "_ZN16OSCRouteObserver19send_change_messageE" STRING CONTROLLABLE)
GUARDED(send_automation, "_ZN16OSCRouteObserver15send_automationE" STRING CONTROLLABLE)
