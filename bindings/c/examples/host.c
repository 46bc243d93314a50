/* A host of its own: keeps the records of a vault, gives the key it is sealed under, and knows people. Tries its
 * store against the contract first, and then keeps a password in a vault over it. */
#include "json.h"
#include "memory_store.h"

#define TEXT(chars) text(chars, sizeof(chars) - 1)

static pwv_slice text(const char *chars, size_t length) {
    pwv_slice slice;
    slice.data = (const uint8_t *)chars;
    slice.len = length;
    return slice;
}

/* Called by any thread, by several at once, with no lock of the library held. The number is the host's own: here
 * the address of its store. */
static int32_t call(uint64_t context, pwv_slice operation, pwv_slice document, const pwv_slice *payloads, size_t count,
                    uint64_t answer) {
    static const uint8_t key[32] = {42}; /* comes from a key service, and never from the database */
    pwv_slice secret;
    (void)count;
    if (operation.len > 6 && memcmp(operation.data, "store.", 6) == 0)
        return memory_store_call((memory_store *)(uintptr_t)context, operation, document, payloads, answer);
    if (same(operation, "key_provider.keks")) {
        secret.data = key;
        secret.len = sizeof key;
        return pwv_answer(answer, TEXT("{\"keks\":[{\"id\":\"07070707070707070707070707070707\",\"key\":{\"$payload\":0}}]}"),
                          &secret, 1);
    }
    if (same(operation, "directory.client_by_email")) {
        if (json_is(json_member(json_of(document), "email"), "anna@example.com"))
            return pwv_answer(answer, TEXT("{\"client\":\"anna\"}"), NULL, 0);
        return pwv_answer(answer, TEXT("{\"client\":null}"), NULL, 0);
    }
    if (same(operation, "directory.contact"))
        return pwv_answer(answer, TEXT("{\"contact\":null}"), NULL, 0);
    if (same(operation, "directory.members"))
        return pwv_answer(answer, TEXT("{\"members\":[]}"), NULL, 0);
    /* A failure: the answer may say more, and the number is not 0. */
    pwv_answer(answer, TEXT("{\"name\":\"unavailable\",\"message\":\"this host does not know the question\"}"), NULL, 0);
    return 1;
}

/* Called once, when the last call is over. */
static void release(uint64_t context) { memory_store_free((memory_store *)(uintptr_t)context); }

static int new_host(pwv_host *host) {
    memory_store *store = memory_store_new();
    host->context = (uint64_t)(uintptr_t)store;
    host->call = call;
    host->release = release;
    return store != NULL;
}

/* Prints what went wrong, and gives up. */
static int failed(uint64_t error) {
    pwv_slice document;
    if (pwv_document(error, &document) == 0)
        fprintf(stderr, "%.*s\n", (int)document.len, (const char *)document.data);
    pwv_close_all();
    return 1;
}

/* What of its contract the store does not keep: a list of texts, one for each case. */
static int conformance(void) {
    pwv_host host;
    pwv_slice document;
    uint64_t reply, error = 0;
    int good;
    if (!new_host(&host))
        return 1;
    if (pwv_store_conformance(&host, &reply, &error) != 0 || pwv_document(reply, &document) != 0)
        return failed(error);
    good = same(document, "[]");
    printf("what the store does not keep: %.*s\n", (int)document.len, (const char *)document.data);
    pwv_close(reply);
    return !good;
}

static int keep(void) {
    static const char options[] =
        "{\"store\": \"host:\", \"kek\": \"host\", \"vault\": \"0190b5a0-0000-7000-8000-000000000001\", \"mode\": \"create\","
        " \"full_access\": \"full\", \"hosts\": {\"store\": true, \"key_provider\": true, \"directory\": true}}";
    static const char who[] =
        "{\"principal\": {\"kind\": {\"admin\": {\"id\": \"1\", \"roles\": [\"full\"], \"departments\": []}}}}";
    static const char anna[] = "{\"principal\": {\"kind\": {\"client\": {\"id\": \"anna\", \"groups\": []}}}}";
    uint64_t vault, session, client, reply, error;
    pwv_slice document, password = TEXT("correct horse");
    growing id = {NULL, 0, 0, 0}, share = {NULL, 0, 0, 0};
    pwv_host host;
    int status = 1;
    if (!new_host(&host))
        return 1;
    if (pwv_open_with_host(TEXT(options), NULL, 0, &host, &vault, &error) != 0 ||
        pwv_session(vault, TEXT(who), NULL, 0, &session, &error) != 0 ||
        pwv_session(vault, TEXT(anna), NULL, 0, &client, &error) != 0 ||
        pwv_call(session, TEXT("create_entry"), TEXT("{\"draft\": {\"name\": \"Mail\", \"password\": {\"$secret\": 0}}}"),
                 &password, 1, &reply, &error) != 0)
        return failed(error);
    if (pwv_document(reply, &document) == 0) {
        print(&id, "{\"id\": %.*s}", (int)document.len, (const char *)document.data);
        print(&share, "{\"id\": %.*s, \"email\": \"anna@example.com\", \"actions\": [\"view\", \"reveal\"]}", (int)document.len,
              (const char *)document.data);
    }
    pwv_close(reply);
    /* The library asks this host who has the address, and anna opens what was shared with her. */
    if (pwv_call(session, TEXT("share_by_email"), grown(&share), NULL, 0, &reply, &error) != 0)
        return failed(error);
    pwv_close(reply);
    if (pwv_call(client, TEXT("reveal"), grown(&id), NULL, 0, &reply, &error) != 0)
        return failed(error);
    if (pwv_secret(reply, 0, &password) == 0) {
        printf("%.*s\n", (int)password.len, (const char *)password.data);
        status = 0;
    }
    pwv_close(reply);
    pwv_close(client);
    pwv_close(session);
    pwv_close(vault); /* releases the host */
    free(id.bytes);
    free(share.bytes);
    return status != 0 || pwv_debug_live_handles() != 0;
}

/* With an argument, without the suite. */
int main(int count, char **arguments) {
    (void)arguments;
    if (pwv_abi_version() != 1)
        return 1;
    return (count < 2 && conformance() != 0) || keep() != 0;
}
