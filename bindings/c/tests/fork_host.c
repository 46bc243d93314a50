/* Forks inside a host's function: the child works there, answers, and goes on with the call that it inherited, while
 * other threads work in the parent. A thread in its host's function holds up no fork; one that is stuck inside the
 * library makes the child be refused, in the middle of the call too. */
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define THREADS 2
#define FORKS 10
#define TRIES 200
#define REFUSED 7
#define PATIENCE 120

/* What the host does when it is asked for keys. */
enum { ANSWERS, FORKS_FIRST, WAITS_FIRST };

static uint64_t session;
static char options[1024];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int done, acted, entered[2], leave[2];
/* Of the child that a host made, and in it whether a call from within was answered. */
static pid_t child;
static int32_t within;

static int exit_of(pid_t pid) {
    int status;
    CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
    return WEXITSTATUS(status);
}

static int32_t rules(void) {
    uint64_t reply = 0, error = 0;
    int32_t status = pwv_call(session, text("rules"), text("{}"), NULL, 0, &reply, &error);
    pwv_close(status == 0 ? reply : error);
    return status;
}

static int32_t call_host(uint64_t does, pwv_slice operation, pwv_slice document, const pwv_slice *payloads, size_t count,
                         uint64_t answer) {
    pwv_slice kek = key();
    char byte = 0;
    int act = does != ANSWERS && !acted; /* once for each vault that is opened */
    (void)operation, (void)document, (void)payloads, (void)count;
    if (act)
        acted = 1;
    if (act && does == FORKS_FIRST) {
        child = fork();
        CHECK(child >= 0);
        if (child == 0) {
            alarm(PATIENCE);
            within = rules();
        }
    }
    if (act && does == WAITS_FIRST)
        CHECK(write(entered[1], &byte, 1) == 1 && read(leave[0], &byte, 1) == 1);
    return pwv_answer(answer, text("{\"keks\":[{\"id\":\"07070707070707070707070707070707\",\"key\":{\"$payload\":0}}]}"),
                      &kek, 1);
}

static int32_t open_with(uint64_t does, uint64_t *vault) {
    pwv_host host;
    uint64_t error = 0;
    int32_t status;
    acted = 0;
    host.context = does;
    host.call = call_host;
    host.release = NULL;
    status = pwv_open_with_host(text(options), NULL, 0, &host, vault, &error);
    pwv_close(error);
    return status;
}

static void keep(uint64_t in, const char *password) {
    char id[128];
    create(in, text(password), id, sizeof id);
    CHECK(reveals(in, id, text(password)));
}

static void *work(void *nothing) {
    int stop = 0;
    while (!stop) {
        keep(session, "of a thread");
        pthread_mutex_lock(&lock);
        stop = done;
        pthread_mutex_unlock(&lock);
    }
    return nothing;
}

/* Opens the vault with a host that forks; the child's exit status. */
static int fork_within(void) {
    uint64_t vault = 0;
    int32_t status = open_with(FORKS_FIRST, &vault);
    if (child == 0) {
        if (status == STATE || within == STATE)
            _exit(status == STATE && within == STATE ? REFUSED : 1);
        CHECK(status == 0 && within == 0);
        keep(begin(vault), "of a child");
        pwv_close_all();
        _exit(pwv_debug_live_handles() == 0 ? 0 : 1);
    }
    CHECK(status == 0);
    pwv_close(vault);
    return exit_of(child);
}

static void beside_threads(void) {
    pthread_t threads[THREADS];
    int i, good = 0, tries;
    for (i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, work, NULL) == 0);
    /* On a busy machine a thread may stay inside for the second that a fork waits: that child is refused, and made
       again. */
    for (tries = 0; good < FORKS; tries++) {
        int status = fork_within();
        CHECK(tries < TRIES && (status == 0 || status == REFUSED));
        good += status == 0;
    }
    pthread_mutex_lock(&lock);
    done = 1;
    pthread_mutex_unlock(&lock);
    for (i = 0; i < THREADS; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
}

static void *wait_in_host(void *nothing) {
    uint64_t vault;
    CHECK(open_with(WAITS_FIRST, &vault) == 0);
    pwv_close(vault);
    return nothing;
}

static void while_a_host_waits(void) {
    pthread_t thread;
    pid_t pid;
    char byte = 0;
    CHECK(pipe(entered) == 0 && pipe(leave) == 0);
    CHECK(pthread_create(&thread, NULL, wait_in_host, NULL) == 0);
    CHECK(read(entered[0], &byte, 1) == 1);
    pid = fork();
    CHECK(pid >= 0);
    if (pid == 0) {
        alarm(PATIENCE);
        _exit(rules() == 0 ? 0 : 1);
    }
    CHECK(exit_of(pid) == 0);
    CHECK(write(leave[1], &byte, 1) == 1);
    CHECK(pthread_join(thread, NULL) == 0);
}

/* Reads its key from a pipe that nobody writes to. */
static void *stick(void *pipe) {
    char stuck[1024];
    uint64_t vault = 0, error = 0;
    snprintf(stuck, sizeof stuck,
             "{\"store\": \"memory:\", \"vault\": \"0190b5a0-0000-7000-8000-000000000002\", \"mode\": \"create\","
             " \"full_access\": \"full\", \"kek\": {\"file\": {\"id\": \"07070707070707070707070707070707\","
             " \"path\": \"%s\"}}}",
             (char *)pipe);
    CHECK(pwv_open(text(stuck), NULL, 0, &vault, &error) != 0);
    pwv_close(error);
    return NULL;
}

static void while_a_thread_is_stuck(const char *folder) {
    pthread_t thread;
    struct timespec pause = {0, 1000000};
    char pipe[600];
    int writer;
    snprintf(pipe, sizeof pipe, "%s/pipe-%ld", folder, (long)getpid());
    CHECK(mkfifo(pipe, 0600) == 0);
    CHECK(pthread_create(&thread, NULL, stick, pipe) == 0);
    /* It can be opened so only while somebody reads. */
    while ((writer = open(pipe, O_WRONLY | O_NONBLOCK)) < 0) {
        CHECK(errno == ENXIO);
        nanosleep(&pause, NULL);
    }
    CHECK(fork_within() == REFUSED);
    close(writer);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(rules() == 0);
}

int main(int count, char **arguments) {
    uint64_t vault = 0;
    CHECK(count == 2);
    snprintf(options, sizeof options,
             "{\"store\": \"sqlite:%s/fork-host-%ld.db\", \"vault\": \"0190b5a0-0000-7000-8000-000000000001\","
             " \"mode\": \"open_or_create\", \"full_access\": \"full\", \"kek\": \"host\","
             " \"hosts\": {\"key_provider\": true}}",
             arguments[1], (long)getpid());
    CHECK(open_with(ANSWERS, &vault) == 0);
    session = begin(vault);
    beside_threads();
    while_a_host_waits();
    while_a_thread_is_stuck(arguments[1]);
    pwv_close(session);
    pwv_close(vault);
    return pwv_debug_live_handles() == 0 ? 0 : 1;
}
