/* Eight threads on one session: everybody gets their own secrets back, and every handle is closed once,
 * however many close it. */
#include "support.h"

#include <pthread.h>

#define THREADS 8

static uint64_t session, shared;
static int rounds;

static void *work(void *number) {
    char password[32], id[128];
    int round;
    for (round = 0; round < rounds; round++) {
        uint64_t reply, error;
        pwv_slice out;
        snprintf(password, sizeof password, "thread %d, round %d", *(int *)number, round);
        create(session, text(password), id, sizeof id);
        CHECK(reveals(session, id, text(password)));
        CHECK(pwv_call(session, text("entry"), text(ANYONE), NULL, 0, &reply, &error) == NOT_FOUND);
        CHECK(pwv_document(error, &out) == 0);
        pwv_close(error);
        pwv_close(call(session, "list_entries", "{\"query\": {}}", NULL));
    }
    /* All of them close the same reply. */
    pwv_close(shared);
    return NULL;
}

int main(int count, char **arguments) {
    pthread_t threads[THREADS];
    int numbers[THREADS], i;
    uint64_t vault = open_vault("memory:"), reply;
    pwv_slice document;
    char expected[64];
    rounds = count > 1 ? atoi(arguments[1]) : 20;
    session = begin(vault);
    shared = call(session, "rules", "{}", NULL);
    for (i = 0; i < THREADS; i++) {
        numbers[i] = i;
        CHECK(pthread_create(&threads[i], NULL, work, &numbers[i]) == 0);
    }
    for (i = 0; i < THREADS; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
    CHECK(pwv_debug_live_handles() == 2);
    reply = call(session, "count_entries", "{\"filter\": {}}", NULL);
    CHECK(pwv_document(reply, &document) == 0);
    snprintf(expected, sizeof expected, "{\"exactly\":%d}", THREADS * rounds);
    CHECK(document.len == strlen(expected) && memcmp(document.data, expected, document.len) == 0);
    pwv_close(reply);
    pwv_close(session);
    pwv_close(vault);
    return pwv_debug_live_handles() == 0 ? 0 : 1;
}
