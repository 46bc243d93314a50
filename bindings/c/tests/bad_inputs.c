/* Every function with what it must not be given: a clear status, no result written, nothing left open. */
#include "support.h"

#define UNTOUCHED 77

static uint64_t vault, session, reply, error_handle, closed;

/* The status of a failed call; whether it wrote nothing but an error that says the same number. */
static int32_t refused(int32_t status, uint64_t out, uint64_t error) {
    pwv_slice document;
    char number[32];
    CHECK(status != 0 && out == UNTOUCHED);
    CHECK(pwv_document(error, &document) == 0);
    snprintf(number, sizeof number, "\"code\":%d,", (int)status);
    CHECK(document.len > strlen(number) && memcmp(document.data + 1, number, strlen(number)) == 0);
    pwv_close(error);
    CHECK(pwv_document(error, &document) == INVALID_HANDLE);
    return status;
}

static int32_t opened(pwv_slice options, const pwv_slice *secrets, size_t count) {
    uint64_t out = UNTOUCHED, error = 0;
    int32_t status = pwv_open(options, secrets, count, &out, &error);
    CHECK(pwv_open(options, secrets, count, &out, NULL) == status);
    return refused(status, out, error);
}

static int32_t began(uint64_t target, pwv_slice options, const pwv_slice *secrets, size_t count) {
    uint64_t out = UNTOUCHED, error = 0;
    int32_t status = pwv_session(target, options, secrets, count, &out, &error);
    CHECK(pwv_session(target, options, secrets, count, &out, NULL) == status);
    return refused(status, out, error);
}

static int32_t called(uint64_t target, pwv_slice name, pwv_slice arguments, const pwv_slice *secrets, size_t count) {
    uint64_t out = UNTOUCHED, error = 0;
    int32_t status = pwv_call(target, name, arguments, secrets, count, &out, &error);
    CHECK(pwv_call(target, name, arguments, secrets, count, &out, NULL) == status);
    return refused(status, out, error);
}

static void slices(void) {
    static const char not_utf8[] = {'"', (char)0xff, '"'};
    pwv_slice nowhere = bytes(NULL, 1), endless = bytes("x", SIZE_MAX), who = text(WHO), name = text("entry");
    pwv_slice wrong[6];
    size_t i;
    wrong[0] = nowhere;
    wrong[1] = endless;
    wrong[2] = bytes(NULL, 0);
    wrong[3] = bytes(not_utf8, sizeof not_utf8);
    wrong[4] = bytes("{}\0", 3);
    wrong[5] = text("{} {}");
    for (i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CHECK(opened(wrong[i], NULL, 0) == INVALID_ARGUMENT);
        CHECK(began(vault, wrong[i], NULL, 0) == INVALID_ARGUMENT);
        CHECK(called(session, name, wrong[i], NULL, 0) == INVALID_ARGUMENT);
    }
    for (i = 0; i < 2; i++) {
        CHECK(opened(who, &wrong[i], 1) == INVALID_ARGUMENT);
        CHECK(began(vault, who, &wrong[i], 1) == INVALID_ARGUMENT);
        CHECK(called(session, name, text(ANYONE), &wrong[i], 1) == INVALID_ARGUMENT);
        CHECK(called(session, wrong[i], text(ANYONE), NULL, 0) == INVALID_ARGUMENT);
    }
    CHECK(opened(who, NULL, 1) == INVALID_ARGUMENT && opened(who, &who, SIZE_MAX) == INVALID_ARGUMENT);
    CHECK(began(vault, who, NULL, 1) == INVALID_ARGUMENT && began(vault, who, &who, 1 << 20) == INVALID_ARGUMENT);
    CHECK(called(session, name, text(ANYONE), NULL, 1) == INVALID_ARGUMENT);
    CHECK(called(session, bytes("\xff", 1), text(ANYONE), NULL, 0) == INVALID_ARGUMENT);
    CHECK(called(session, bytes("entry\0", 6), text(ANYONE), NULL, 0) == UNKNOWN_OPERATION);
    CHECK(called(session, bytes(NULL, 0), text(ANYONE), NULL, 0) == UNKNOWN_OPERATION);
    CHECK(called(session, name, text(ANYONE), NULL, 0) == NOT_FOUND);
}

static void documents(void) {
    static char deep[200001], long_name[1100000];
    pwv_slice kek = bytes("short", 5);
    const char *options = "{\"store\": \"memory:\", \"vault\": \"0190b5a0-0000-7000-8000-000000000001\","
                          " \"mode\": \"create\", \"full_access\": \"full\","
                          " \"kek\": {\"keys\": [{\"id\": \"07070707070707070707070707070707\", \"key\": {\"$secret\": 0}}]}}";
    size_t used;
    memset(deep, '[', sizeof deep - 1);
    used = (size_t)sprintf(long_name, "{\"draft\": {\"name\": \"");
    memset(long_name + used, 'a', 1 << 20);
    strcpy(long_name + used + (1 << 20), "\"}}");
    CHECK(opened(text(deep), NULL, 0) == INVALID_ARGUMENT);
    CHECK(began(vault, text(deep), NULL, 0) == INVALID_ARGUMENT);
    CHECK(called(session, text("entry"), text(deep), NULL, 0) == INVALID_ARGUMENT);
    CHECK(called(session, text("create_entry"), text(long_name), NULL, 0) == INVALID);
    CHECK(called(session, text("create_entry"), text("{\"draft\": {\"name\": \"a\\u0000b\"}}"), NULL, 0) == INVALID);
    CHECK(opened(text(options), NULL, 0) == INVALID_ARGUMENT);
    CHECK(opened(text(options), &kek, 1) == KEK);
    CHECK(opened(text("{\"store\": \"sqlite:\"}"), NULL, 0) == INVALID_ARGUMENT);
}

static void secrets(void) {
    const char nulls[] = {'a', 0, 'b'};
    char id[128];
    pwv_slice both[2];
    both[0] = bytes("\xff\xfe", 2);
    both[1] = bytes(NULL, 0);
    CHECK(called(session, text("create_entry"), text(DRAFT), both, 1) == INVALID_ARGUMENT);
    CHECK(called(session, text("create_entry"), text(DRAFT), NULL, 0) == INVALID_ARGUMENT);
    create(session, bytes(nulls, sizeof nulls), id, sizeof id);
    CHECK(reveals(session, id, bytes(nulls, sizeof nulls)));
    create(session, both[1], id, sizeof id);
    CHECK(reveals(session, id, both[1]));
}

static void handles(void) {
    uint64_t no_vault[7], no_reply[6];
    pwv_slice out = bytes(&vault, UNTOUCHED), who = text(WHO), name = text("rules"), none = text("{}");
    size_t i;
    no_vault[0] = 0;
    no_vault[1] = UINT64_MAX;
    no_vault[2] = closed;
    no_vault[3] = reply;
    no_vault[4] = error_handle;
    no_vault[5] = vault + ((uint64_t)1 << 32);
    no_vault[6] = session;
    for (i = 0; i < 7; i++)
        CHECK(began(no_vault[i], who, NULL, 0) == INVALID_HANDLE);
    /* 0 is the library itself, which has operations of its own. */
    CHECK(called(0, name, none, NULL, 0) == UNKNOWN_OPERATION);
    for (i = 1; i < 6; i++)
        CHECK(called(no_vault[i], name, none, NULL, 0) == INVALID_HANDLE);
    CHECK(called(vault, name, none, NULL, 0) == UNKNOWN_OPERATION);
    no_reply[0] = 0;
    no_reply[1] = UINT64_MAX;
    no_reply[2] = closed;
    no_reply[3] = vault;
    no_reply[4] = session;
    no_reply[5] = reply + 1;
    for (i = 0; i < 6; i++) {
        CHECK(pwv_document(no_reply[i], &out) == INVALID_HANDLE);
        CHECK(pwv_secret(no_reply[i], 0, &out) == INVALID_HANDLE);
    }
    CHECK(pwv_secret(error_handle, 0, &out) == INVALID_HANDLE);
    CHECK(pwv_secret(reply, 1000, &out) == INVALID_HANDLE && pwv_secret(reply, SIZE_MAX, &out) == INVALID_HANDLE);
    CHECK(out.len == UNTOUCHED && out.data == (const uint8_t *)&vault);
    CHECK(pwv_document(reply, NULL) == INVALID_ARGUMENT && pwv_secret(reply, 0, NULL) == INVALID_ARGUMENT);
    CHECK(pwv_library_version(NULL) == INVALID_ARGUMENT);
    CHECK(pwv_open(who, NULL, 0, NULL, NULL) == INVALID_ARGUMENT);
    CHECK(pwv_session(vault, who, NULL, 0, NULL, NULL) == INVALID_ARGUMENT);
    CHECK(pwv_call(session, name, none, NULL, 0, NULL, NULL) == INVALID_ARGUMENT);
}

int main(void) {
    char id[128];
    uint64_t live;
    vault = open_vault("memory:");
    session = begin(vault);
    create(session, text("correct horse"), id, sizeof id);
    reply = call(session, "reveal", id, NULL);
    CHECK(pwv_call(session, text("nonsense"), text("{}"), NULL, 0, &closed, &error_handle) == UNKNOWN_OPERATION);
    closed = call(session, "rules", "{}", NULL);
    pwv_close(closed);
    live = pwv_debug_live_handles();
    slices();
    documents();
    secrets();
    handles();
    /* Closing what is no open handle does nothing. */
    pwv_close(closed);
    pwv_close(0);
    pwv_close(UINT64_MAX);
    pwv_close(reply + ((uint64_t)1 << 32));
    pwv_close((reply & (((uint64_t)1 << 59) - 1)) | (uint64_t)1 << 59);
    CHECK(pwv_debug_live_handles() == live);
    /* A session outlives the handle of its vault. */
    pwv_close(vault);
    CHECK(reveals(session, id, text("correct horse")));
    CHECK(began(vault, text(WHO), NULL, 0) == INVALID_HANDLE);
    pwv_close_all();
    pwv_close_all();
    CHECK(pwv_debug_live_handles() == 0);
    CHECK(called(session, text("rules"), text("{}"), NULL, 0) == INVALID_HANDLE);
    return pwv_debug_live_handles() == 0 ? 0 : 1;
}
