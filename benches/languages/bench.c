/* Times calls over the C ABI; benches/languages/src/runner.rs says what is asked. */
#include <pwvault.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SIZE_MAX_SECRET 4096

static pwv_slice text(const char *chars) {
    pwv_slice slice;
    slice.data = (const uint8_t *)chars;
    slice.len = strlen(chars);
    return slice;
}

static void check(int status, uint64_t error) {
    pwv_slice document;
    if (status == 0)
        return;
    if (pwv_document(error, &document) == 0)
        fprintf(stderr, "%.*s\n", (int)document.len, (const char *)document.data);
    exit(1);
}

static uint64_t call(uint64_t target, const char *name, const char *arguments, const pwv_slice *secrets, size_t count) {
    uint64_t reply = 0, error = 0;
    check(pwv_call(target, text(name), text(arguments), secrets, count, &reply, &error), error);
    return reply;
}

static uint64_t create(uint64_t session, pwv_slice password) {
    return call(session, "create_entry",
                "{\"draft\":{\"name\":\"Mail server\",\"username\":\"anna@example.com\",\"password\":{\"$secret\":0}}}",
                &password, 1);
}

/* A vault, its session, and an entry to reveal. */
struct place {
    const char *store;
    size_t size;
    uint64_t vault, session;
    char reveal[64];
};

static void open_place(struct place *place, const char *folder, const char *store, pwv_slice password) {
    static const uint8_t key[32] = {42};
    pwv_slice secret, document;
    uint64_t reply, error = 0;
    char options[1024];
    int length = snprintf(options, sizeof options,
                          "{\"store\":\"%s%s%s\",\"vault\":\"0190b5a0-0000-7000-8000-000000000001\",\"mode\":\"create\","
                          "\"full_access\":\"full\",\"kek\":{\"keys\":[{\"id\":\"07070707070707070707070707070707\","
                          "\"key\":{\"$secret\":0}}]}}",
                          strcmp(store, "sqlite") == 0 ? "sqlite:" : "memory:",
                          strcmp(store, "sqlite") == 0 ? folder : "", strcmp(store, "sqlite") == 0 ? "/vault.db" : "");
    if (length < 0 || (size_t)length >= sizeof options)
        exit(1);
    secret.data = key;
    secret.len = sizeof key;
    check(pwv_open(text(options), &secret, 1, &place->vault, &error), error);
    check(pwv_session(place->vault, text("{\"principal\":{\"kind\":{\"admin\":{\"id\":\"1\",\"roles\":[\"full\"],\"departments\":[]}}}}"),
                      NULL, 0, &place->session, &error),
          error);
    reply = create(place->session, password);
    check(pwv_document(reply, &document), 0);
    snprintf(place->reveal, sizeof place->reveal, "{\"id\":%.*s}", (int)document.len, (const char *)document.data);
    pwv_close(reply);
    place->store = store;
    place->size = password.len;
}

static void once(const struct place *place, const char *name, pwv_slice password) {
    pwv_slice read;
    uint64_t reply;
    if (strcmp(name, "id") == 0) {
        reply = call(place->vault, "id", "{}", NULL, 0);
        check(pwv_document(reply, &read), 0);
    } else if (strcmp(name, "reveal") == 0) {
        reply = call(place->session, "reveal", place->reveal, NULL, 0);
        check(pwv_secret(reply, 0, &read), 0);
        if (read.len != place->size)
            exit(1);
    } else {
        reply = create(place->session, password);
    }
    pwv_close(reply);
}

int main(int count, char **arguments) {
    static char password[SIZE_MAX_SECRET];
    struct place places[2] = {{NULL, 0, 0, 0, ""}, {NULL, 0, 0, 0, ""}};
    char name[32], store[32];
    size_t size;
    unsigned repetitions, done;
    memset(password, 'x', sizeof password);
    while (count == 2 && scanf("%31s %31s %zu %u", name, store, &size, &repetitions) == 4) {
        struct place *place = &places[strcmp(store, "sqlite") == 0];
        struct timespec start, end;
        pwv_slice secret;
        secret.data = (const uint8_t *)password;
        secret.len = size == 0 || size > sizeof password ? 1 : size;
        if (place->store == NULL)
            open_place(place, arguments[1], strcmp(store, "sqlite") == 0 ? "sqlite" : "memory", secret);
        if (strcmp(name, "id") != 0 && place->size != secret.len) {
            uint64_t reply = create(place->session, secret);
            pwv_slice document;
            check(pwv_document(reply, &document), 0);
            snprintf(place->reveal, sizeof place->reveal, "{\"id\":%.*s}", (int)document.len, (const char *)document.data);
            pwv_close(reply);
            place->size = secret.len;
        }
        clock_gettime(CLOCK_MONOTONIC, &start);
        for (done = 0; done < repetitions; done++)
            once(place, name, secret);
        clock_gettime(CLOCK_MONOTONIC, &end);
        printf("%lld\n", (long long)(end.tv_sec - start.tv_sec) * 1000000000LL + (end.tv_nsec - start.tv_nsec));
        fflush(stdout);
    }
    return 0;
}
