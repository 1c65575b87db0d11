/* LD_PRELOAD shim for Ardour's GUI, built together with jack_noprop.c: answers modal dialogs without a hand.
 *
 * While the file named in ARDOUR_ANSWER_FILE exists, Gtk::Dialog::run() returns the number in it at once
 * (1 is the second button, "Yes, remove it" when tracks are removed). Without the file, dialogs are shown. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#define DIALOG_RUN "_ZN3Gtk6Dialog3runEv"

int dialog_run(void* dialog) __asm__(DIALOG_RUN);

int dialog_run(void* dialog)
{
    static int (*original)(void*);
    const char* path = getenv("ARDOUR_ANSWER_FILE");
    FILE* file = path ? fopen(path, "r") : NULL;
    if (file) {
        int answer = 0;
        const int found = fscanf(file, "%d", &answer);
        fclose(file);
        if (found == 1) return answer;
    }
    if (!original) *(void**)&original = dlsym(RTLD_NEXT, DIALOG_RUN);
    return original ? original(dialog) : 0;
}
