/* Creates a vault in memory, keeps a password in it, and reveals it again. */
#include <pwvault.h>

#include <stdio.h>
#include <string.h>

static pwv_slice text(const char *chars) {
    pwv_slice slice;
    slice.data = (const uint8_t *)chars;
    slice.len = strlen(chars);
    return slice;
}

/* Prints what went wrong, and gives up. */
static int failed(uint64_t error) {
    pwv_slice document;
    if (pwv_document(error, &document) == 0)
        fprintf(stderr, "%.*s\n", (int)document.len, (const char *)document.data);
    pwv_close_all();
    return 1;
}

int main(void) {
    static const uint8_t key[32] = {42};
    const char *options = "{\"store\": \"memory:\", \"vault\": \"0190b5a0-0000-7000-8000-000000000001\","
                          " \"mode\": \"create\", \"full_access\": \"full\","
                          " \"kek\": {\"keys\": [{\"id\": \"07070707070707070707070707070707\", \"key\": {\"$secret\": 0}}]}}";
    const char *who = "{\"principal\": {\"kind\": {\"admin\": {\"id\": \"1\", \"roles\": [\"full\"], \"departments\": []}}}}";
    const char *draft = "{\"draft\": {\"name\": \"Mail server\", \"username\": \"anna\", \"password\": {\"$secret\": 0}}}";
    char arguments[128];
    uint64_t vault, session, reply, error;
    pwv_slice secret, document;

    if (pwv_abi_version() != 1)
        return 1;
    secret.data = key;
    secret.len = sizeof key;
    if (pwv_open(text(options), &secret, 1, &vault, &error) != 0)
        return failed(error);
    if (pwv_session(vault, text(who), NULL, 0, &session, &error) != 0)
        return failed(error);

    secret = text("correct horse");
    if (pwv_call(session, text("create_entry"), text(draft), &secret, 1, &reply, &error) != 0)
        return failed(error);
    if (pwv_document(reply, &document) != 0)
        return 1;
    snprintf(arguments, sizeof arguments, "{\"id\": %.*s}", (int)document.len, (const char *)document.data);
    pwv_close(reply);

    if (pwv_call(session, text("reveal"), text(arguments), NULL, 0, &reply, &error) != 0)
        return failed(error);
    if (pwv_secret(reply, 0, &secret) != 0)
        return 1;
    printf("%.*s\n", (int)secret.len, (const char *)secret.data);
    pwv_close(reply);

    if (pwv_call(session, text("entry"), text("{\"id\": \"nonsense\"}"), NULL, 0, &reply, &error) != 3)
        return 1;
    pwv_close(error);
    pwv_close(session);
    pwv_close(vault);
    return pwv_debug_live_handles() == 0 ? 0 : 1;
}
