/* LD_PRELOAD shim for Ardour 7.3 on JACK: makes jack_set_property() do nothing.
 *
 * Ardour 7.3 calls it from a second thread without the lock it holds for its other calls to the JACK
 * server (fixed upstream in July 2024, commit 249442fe99). The two requests mix on libjack's socket,
 * jackd logs "Unknown request 0" and closes the client, and about every second start ends in
 * "JACK HALTED". Only JACK's pretty port names are lost. WJACK_ is Ardour's run-time wrapper.
 *
 * Build: cc -shared -fPIC -O2 jack_noprop.c -o jack_noprop.so    (start_headless.sh does) */
#include <stdint.h>

int WJACK_set_property(void* client, uint64_t subject, const char* key, const char* value, const char* type)
{
    (void)client;
    (void)subject;
    (void)key;
    (void)value;
    (void)type;
    return 0;
}
