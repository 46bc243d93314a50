/* Walks the hostile answers of bindings/hostile_host.json: none looks like success, and each comes to the error the
 * list names. pwvault-ffi/README.md tells how. */
#include "../examples/json.h"
#include "../examples/memory_store.h"
#include "support.h"

#include <time.h>

#define CASES_MIN 100
#define HUGE_LENGTH ((size_t)65 << 20)
#define CANARY "canary-7f3a"

/* A host that misbehaves at one operation once it is armed, and answers the others well. */
struct host {
    memory_store *store;
    json operation, answer;
    int armed, asked;
};

static int released, calling;

/* The bytes of a text of JSON. The list escapes quotes, backslashes and characters below U+0080. */
static pwv_slice unescaped(json value) {
    const char *at = value.at + 1, *end = json_after(value) - 1;
    uint8_t *bytes = malloc((size_t)(end - at) + 1), *to = bytes;
    pwv_slice slice;
    CHECK(bytes != NULL);
    while (at < end) {
        char digits[5] = "";
        if (*at != '\\') {
            *to++ = (uint8_t)*at++;
        } else if (at[1] == 'u') {
            memcpy(digits, at + 2, 4);
            CHECK(strtoul(digits, NULL, 16) < 0x80);
            *to++ = (uint8_t)strtoul(digits, NULL, 16);
            at += 6;
        } else {
            CHECK(at[1] == '"' || at[1] == '\\');
            *to++ = (uint8_t)at[1];
            at += 2;
        }
    }
    slice.data = bytes;
    slice.len = (size_t)(to - bytes);
    return slice;
}

static pwv_slice from_hex(json value) {
    pwv_slice slice = unescaped(value);
    uint8_t *to = (uint8_t *)slice.data;
    size_t at;
    slice.len /= 2;
    for (at = 0; at < slice.len; at++) {
        char digits[3] = "";
        memcpy(digits, to + 2 * at, 2);
        to[at] = (uint8_t)strtoul(digits, NULL, 16);
    }
    return slice;
}

/* Whether two texts of JSON are spelled alike. */
static int alike(json one, json other) {
    size_t length;
    if (one.at == NULL || other.at == NULL)
        return 0;
    length = (size_t)(json_after(one) - one.at);
    return (size_t)(json_after(other) - other.at) == length && memcmp(one.at, other.at, length) == 0;
}

static int holds(pwv_slice document, const char *word) {
    size_t at, length = strlen(word);
    for (at = 0; at + length <= document.len; at++)
        if (memcmp(document.data + at, word, length) == 0)
            return 1;
    return 0;
}

static void drop(pwv_slice slice) { free((void *)slice.data); }

static uint64_t open_with(const pwv_host *host, uint64_t *error);
static int32_t call_host(uint64_t context, pwv_slice operation, pwv_slice document, const pwv_slice *payloads,
                         size_t count, uint64_t answer);
static void release(uint64_t context);

static pwv_host new_host(struct host *host) {
    pwv_host given;
    host->store = memory_store_new();
    CHECK(host->store != NULL);
    given.context = (uint64_t)(uintptr_t)host;
    given.call = call_host;
    given.release = release;
    return given;
}

/* A document as the case has it, which the library may refuse to take. */
static int32_t give(json given, uint64_t answer) {
    pwv_slice document = unescaped(json_member(given, "document")), payloads[8];
    size_t count = 0;
    json payload = json_first(json_member(given, "payloads"));
    for (; payload.at != NULL; payload = json_next(payload)) {
        CHECK(count < 8);
        payloads[count++] = from_hex(payload);
    }
    CHECK(pwv_answer(answer, document, payloads, count) == 0);
    CHECK(pwv_answer(answer, document, payloads, count) == STATE);
    while (count > 0)
        drop(payloads[--count]);
    drop(document);
    return 0;
}

static int32_t fail_by_name(json failure, uint64_t answer) {
    json name = json_member(failure, "name"), message = json_member(failure, "message");
    pwv_slice detail = unescaped(json_member(failure, "detail"));
    growing document = {NULL, 0, 0, 0};
    print(&document, "{\"name\":%.*s,\"message\":%.*s,\"detail\":%.*s}", (int)(json_after(name) - name.at), name.at,
          (int)(json_after(message) - message.at), message.at, detail.len > 0 ? (int)detail.len : 4,
          detail.len > 0 ? (const char *)detail.data : "null");
    CHECK(pwv_answer(answer, grown(&document), NULL, 0) == 0);
    free(document.bytes);
    drop(detail);
    return 1;
}

/* Opens another vault in the middle of a call, with a host that behaves. */
static void call_back(void) {
    struct host inner;
    pwv_host given;
    uint64_t vault, error;
    memset(&inner, 0, sizeof inner);
    given = new_host(&inner);
    calling++;
    vault = open_with(&given, &error);
    CHECK(vault != 0);
    pwv_close(call(vault, "head", "{}", NULL));
    pwv_close(vault);
    calling--;
}

static int32_t misbehave(json case_answer, uint64_t answer) {
    struct timespec pause = {0, 20000000};
    json does = json_member(case_answer, "does");
    if (json_member(case_answer, "document").at != NULL)
        return give(case_answer, answer);
    if (json_member(case_answer, "failure").at != NULL)
        return fail_by_name(json_member(case_answer, "failure"), answer);
    if (json_is(does, "give_nothing"))
        return 0;
    if (json_is(does, "give_wrong_type")) {
        CHECK(pwv_answer(answer, text("\xff\xfe"), NULL, 0) == INVALID_ARGUMENT);
        CHECK(pwv_answer(answer, text("{}"), NULL, 1) == INVALID_ARGUMENT);
        CHECK(pwv_answer(answer + 1, text("{}"), NULL, 0) == INVALID_HANDLE);
        pwv_close(answer);
        CHECK(pwv_answer(answer, text("{}"), NULL, 0) == INVALID_HANDLE);
        return 0;
    }
    if (json_is(does, "give_huge")) {
        char *bytes_of_it = malloc(HUGE_LENGTH);
        CHECK(bytes_of_it != NULL);
        memset(bytes_of_it, ' ', HUGE_LENGTH);
        CHECK(pwv_answer(answer, bytes(bytes_of_it, HUGE_LENGTH), NULL, 0) == 0);
        free(bytes_of_it);
        return 0;
    }
    if (json_is(does, "call_back_and_raise"))
        call_back();
    else if (json_is(does, "wait_and_raise"))
        nanosleep(&pause, NULL);
    else
        CHECK(json_is(does, "raise") || json_is(does, "raise_hard"));
    /* What C has for an exception: a number, and words that are no failure's document. */
    CHECK(pwv_answer(answer, text(CANARY), NULL, 0) == 0);
    return json_is(does, "raise_hard") ? INT32_MIN : 1;
}

static int32_t call_host(uint64_t context, pwv_slice operation, pwv_slice document, const pwv_slice *payloads,
                         size_t count, uint64_t answer) {
    static const uint8_t kek[32] = {42};
    struct host *host = (struct host *)(uintptr_t)context;
    pwv_slice secret = bytes(kek, sizeof kek);
    char name[64];
    (void)count;
    CHECK(operation.len < sizeof name);
    memcpy(name, operation.data, operation.len);
    name[operation.len] = '\0';
    if (host->armed && json_is(host->operation, name)) {
        host->asked++;
        return misbehave(host->answer, answer);
    }
    if (strcmp(name, "key_provider.keks") == 0)
        return pwv_answer(answer, text("{\"keks\":[{\"id\":\"07070707070707070707070707070707\",\"key\":{\"$payload\":0}}]}"),
                          &secret, 1);
    if (strcmp(name, "directory.client_by_email") == 0)
        return pwv_answer(answer, text("{\"client\":\"7\"}"), NULL, 0);
    CHECK(strncmp(name, "store.", 6) == 0);
    return memory_store_call(host->store, operation, document, payloads, answer);
}

static void release(uint64_t context) {
    memory_store_free(((struct host *)(uintptr_t)context)->store);
    if (calling == 0)
        released++;
}

/* A new vault, or 0 and an error. */
static uint64_t open_with(const pwv_host *host, uint64_t *error) {
    uint64_t vault = 0;
    pwv_open_with_host(
        text("{\"store\": \"host:\", \"kek\": \"host\", \"vault\": \"0190b5a0-0000-7000-8000-000000000001\", \"mode\": \"create\","
             " \"full_access\": \"full\", \"hosts\": {\"store\": true, \"key_provider\": true, \"directory\": true}}"),
        NULL, 0, host, &vault, error);
    return vault;
}

/* Has the host asked what the case is about; the error. */
static uint64_t reach(struct host *host, json step) {
    pwv_host given = new_host(host);
    char arguments[256], id[128];
    uint64_t vault, session, reply = 0, error = 0;
    host->armed = json_is(step, "create");
    vault = open_with(&given, &error);
    if (vault == 0)
        return error;
    session = begin(vault);
    create(session, text("correct horse"), id, sizeof id);
    host->armed = 1;
    if (json_is(step, "list_entries")) {
        CHECK(pwv_call(session, text("list_entries"), text("{\"query\": {}}"), NULL, 0, &reply, &error) != 0);
    } else {
        CHECK(json_is(step, "share_by_email"));
        snprintf(arguments, sizeof arguments, "%.*s, \"email\": \"anna@example.com\", \"actions\": [\"view\"]}",
                 (int)(strlen(id) - 1), id);
        CHECK(pwv_call(session, text("share_by_email"), text(arguments), NULL, 0, &reply, &error) != 0);
    }
    CHECK(reply == 0);
    pwv_close(session);
    pwv_close(vault);
    return error;
}

/* The whole of a file. */
static growing contents(const char *path) {
    growing out = {NULL, 0, 0, 0};
    char part[4096];
    size_t length;
    FILE *file = fopen(path, "rb");
    CHECK(file != NULL);
    while ((length = fread(part, 1, sizeof part, file)) > 0)
        put(&out, part, length);
    CHECK(!ferror(file) && !out.failed);
    fclose(file);
    return out;
}

int main(int count, char **arguments) {
    growing file;
    json list, one;
    int cases = 0;
    CHECK(count == 2);
    file = contents(arguments[1]);
    list = json_of(grown(&file));
    for (one = json_first(json_member(list, "cases")); one.at != NULL; one = json_next(one), cases++) {
        json name = json_member(one, "name");
        char operation[64];
        struct host host;
        pwv_slice document = {NULL, 0};
        uint64_t error;
        memset(&host, 0, sizeof host);
        host.operation = json_member(one, "operation");
        host.answer = json_member(one, "answer");
        CHECK(json_copy(host.operation, operation, sizeof operation));
        released = 0;
        error = reach(&host, json_member(json_member(list, "reached_by"), operation));
        if (host.asked == 0 || released != 1 || pwv_document(error, &document) != 0 || document.len > 1500 ||
            !alike(json_member(json_of(document), "name"), json_member(one, "error")) || holds(document, CANARY)) {
            fprintf(stderr, "%.*s: asked %d times, released %d times: %.*s\n", (int)(json_after(name) - name.at), name.at,
                    host.asked, released, (int)document.len, (const char *)document.data);
            return 1;
        }
        pwv_close(error);
        CHECK(pwv_debug_live_handles() == 0);
    }
    free(file.bytes);
    CHECK(cases >= CASES_MIN);
    printf("%d hostile answers\n", cases);
    return 0;
}
