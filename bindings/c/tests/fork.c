/* Forks while other threads work: every child goes on with the session it inherited, and the parent too. */
#include "support.h"

#include <pthread.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#define THREADS 4
#define FORKS 20
#define WAVES 20
#define REFUSED 7

static uint64_t vault, session;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int done, written;

/* Keeps a secret, and reads it back. */
static void keep(const char *who, int round) {
    char password[64], id[128];
    snprintf(password, sizeof password, "%s, round %d", who, round);
    create(session, text(password), id, sizeof id);
    CHECK(reveals(session, id, text(password)));
}

static void *work(void *nothing) {
    int round, stop = 0;
    for (round = 0; !stop; round++) {
        keep("thread", round);
        pthread_mutex_lock(&lock);
        written++;
        stop = done;
        pthread_mutex_unlock(&lock);
    }
    return nothing;
}

/* What a child does: it works on, and closes what it inherited without the parent's noticing. */
static void child(void) {
    uint64_t second, reply = 0, error = 0;
    alarm(120);
    if (pwv_call(session, text("rules"), text("{}"), NULL, 0, &reply, &error) == STATE)
        _exit(REFUSED);
    pwv_close(reply);
    keep("child", 0);
    second = begin(vault);
    pwv_close(session);
    session = second;
    keep("child", 1);
    pwv_close_all();
    _exit(pwv_debug_live_handles() == 0 ? 0 : 1);
}

int main(int count, char **arguments) {
    pthread_t threads[THREADS];
    pid_t children[FORKS];
    char store[512], expected[64];
    uint64_t reply;
    pwv_slice document;
    int i, status, left, waves, refused, forks = FORKS;
    CHECK(count == 2 || count == 3);
    if (count == 3)
        forks = atoi(arguments[2]);
    CHECK(forks > 0 && forks <= FORKS);
    snprintf(store, sizeof store, "sqlite:%s/fork-%ld.db", arguments[1], (long)getpid());
    vault = open_vault(store);
    session = begin(vault);
    for (i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, work, NULL) == 0);
    /* On a busy machine a thread may stay inside for the second that a fork waits: that child is refused, has
       written nothing, and is made again. */
    for (left = forks, waves = 0; left > 0; left = refused, waves++) {
        CHECK(waves < WAVES);
        for (i = 0; i < left; i++) {
            children[i] = fork();
            CHECK(children[i] >= 0);
            if (children[i] == 0)
                child();
        }
        for (i = 0, refused = 0; i < left; i++) {
            CHECK(waitpid(children[i], &status, 0) == children[i]);
            CHECK(WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == REFUSED));
            refused += WEXITSTATUS(status) == REFUSED;
        }
    }
    pthread_mutex_lock(&lock);
    done = 1;
    pthread_mutex_unlock(&lock);
    for (i = 0; i < THREADS; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
    reply = call(session, "count_entries", "{\"filter\": {}}", NULL);
    CHECK(pwv_document(reply, &document) == 0);
    snprintf(expected, sizeof expected, "{\"exactly\":%d}", written + 2 * forks);
    CHECK(document.len == strlen(expected) && memcmp(document.data, expected, document.len) == 0);
    pwv_close(reply);
    pwv_close(session);
    pwv_close(vault);
    return pwv_debug_live_handles() == 0 ? 0 : 1;
}
