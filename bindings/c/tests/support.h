/* What the tests share: a vault, a session, calls that must succeed and calls that must fail. */
#ifndef SUPPORT_H
#define SUPPORT_H

#include <pwvault.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(holds)                                                                  \
    do {                                                                              \
        if (!(holds)) {                                                               \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #holds); \
            _Exit(1);                                                                 \
        }                                                                             \
    } while (0)

#define INTERNAL 1
#define INVALID_HANDLE 2
#define INVALID_ARGUMENT 3
#define UNKNOWN_OPERATION 4
#define NOT_FOUND 10
#define INVALID 14
#define STATE 18
#define KEK 32

#define WHO "{\"principal\": {\"kind\": {\"admin\": {\"id\": \"1\", \"roles\": [\"full\"], \"departments\": []}}}}"
#define DRAFT "{\"draft\": {\"name\": \"Mail\", \"password\": {\"$secret\": 0}}}"
#define ANYONE "{\"id\": \"0190b5a0-0000-7000-8000-00000000000f\"}"

static inline pwv_slice bytes(const void *data, size_t len) {
    pwv_slice slice;
    slice.data = (const uint8_t *)data;
    slice.len = len;
    return slice;
}

static inline pwv_slice text(const char *chars) { return bytes(chars, strlen(chars)); }

/* The key of every vault of the tests. */
static inline pwv_slice key(void) {
    static const uint8_t key[32] = {42};
    return bytes(key, sizeof key);
}

/* Prints the document of an error, and ends. */
static inline void fail(const char *what, uint64_t error) {
    pwv_slice document = {NULL, 0};
    pwv_document(error, &document);
    fprintf(stderr, "%s: %.*s\n", what, (int)document.len, (const char *)document.data);
    _Exit(1);
}

static inline uint64_t open_vault(const char *store) {
    char options[1024];
    uint64_t vault, error;
    pwv_slice kek = key();
    snprintf(options, sizeof options,
             "{\"store\": \"%s\", \"vault\": \"0190b5a0-0000-7000-8000-000000000001\", \"mode\": \"open_or_create\","
             " \"full_access\": \"full\", \"kek\": {\"keys\": [{\"id\": \"07070707070707070707070707070707\","
             " \"key\": {\"$secret\": 0}}]}}",
             store);
    if (pwv_open(text(options), &kek, 1, &vault, &error) != 0)
        fail("pwv_open", error);
    return vault;
}

static inline uint64_t begin(uint64_t vault) {
    uint64_t session, error;
    if (pwv_session(vault, text(WHO), NULL, 0, &session, &error) != 0)
        fail("pwv_session", error);
    return session;
}

/* A call that must succeed; the reply. `secret` may be null. */
static inline uint64_t call(uint64_t target, const char *name, const char *arguments, const pwv_slice *secret) {
    uint64_t reply, error;
    if (pwv_call(target, text(name), text(arguments), secret, secret != NULL, &reply, &error) != 0)
        fail(name, error);
    return reply;
}

/* Creates an entry with a password; writes `{"id": ...}` to `arguments`. */
static inline void create(uint64_t session, pwv_slice password, char *arguments, size_t size) {
    uint64_t reply = call(session, "create_entry", DRAFT, &password);
    pwv_slice document;
    CHECK(pwv_document(reply, &document) == 0);
    CHECK((size_t)snprintf(arguments, size, "{\"id\": %.*s}", (int)document.len, (const char *)document.data) < size);
    pwv_close(reply);
}

/* Whether what an entry holds is this password. */
static inline int reveals(uint64_t session, const char *arguments, pwv_slice password) {
    uint64_t reply = call(session, "reveal", arguments, NULL);
    pwv_slice secret;
    int same;
    CHECK(pwv_secret(reply, 0, &secret) == 0);
    same = secret.len == password.len && (secret.len == 0 || memcmp(secret.data, password.data, secret.len) == 0);
    pwv_close(reply);
    return same;
}

#endif
