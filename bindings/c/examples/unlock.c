/* An entry under a master password: challenge, unlock, and the ticket that later requests bring along. */
#include <pwvault.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(chars) slice(chars, sizeof(chars) - 1)
#define LOCKED 12

static const char WHO[] = "{\"principal\": {\"kind\": {\"client\": {\"id\": \"anna\", \"groups\": []}}}}";
static const char WITH_TICKET[] = "{\"principal\": {\"kind\": {\"client\": {\"id\": \"anna\", \"groups\": []}}},"
                                  " \"tickets\": [{\"$secret\": 0}]}";

static pwv_slice slice(const void *data, size_t len) {
    pwv_slice slice;
    slice.data = (const uint8_t *)data;
    slice.len = len;
    return slice;
}

/* Ends with the document of an error where there is one. */
static void expect(int32_t status, uint64_t error) {
    pwv_slice document;
    if (status == 0)
        return;
    if (pwv_document(error, &document) == 0)
        fprintf(stderr, "%.*s\n", (int)document.len, (const char *)document.data);
    pwv_close_all();
    exit(1);
}

int main(void) {
    static const uint8_t key[32] = {42};
    const char options[] = "{\"store\": \"memory:\", \"vault\": \"0190b5a0-0000-7000-8000-000000000001\","
                           " \"mode\": \"create\", \"full_access\": \"full\","
                           " \"kek\": {\"keys\": [{\"id\": \"07070707070707070707070707070707\", \"key\": {\"$secret\": 0}}]}}";
    const char set[] = "{\"set\": {\"password\": {\"$secret\": 0}, \"confirmation\": {\"$secret\": 1},"
                       " \"recovery\": \"none\"}}";
    const char draft[] = "{\"draft\": {\"name\": \"Bank\", \"password\": {\"$secret\": 0}}}";
    const char answer[] = "{\"answer\": {\"master_password\": {\"owner\": {\"client\": \"anna\"},"
                          " \"password\": {\"$secret\": 0}}}}";
    char id[64], ticket[512], arguments[128];
    size_t ticket_len;
    uint64_t vault, session, reply, error;
    pwv_slice secrets[2], out;

    secrets[0] = slice(key, sizeof key);
    expect(pwv_open(TEXT(options), secrets, 1, &vault, &error), error);
    expect(pwv_session(vault, TEXT(WHO), NULL, 0, &session, &error), error);
    secrets[0] = secrets[1] = TEXT("a master password");
    expect(pwv_call(session, TEXT("set_master_password"), TEXT(set), secrets, 2, &reply, &error), error);
    pwv_close(reply);
    secrets[0] = TEXT("correct horse");
    expect(pwv_call(session, TEXT("create_entry"), TEXT(draft), secrets, 1, &reply, &error), error);
    expect(pwv_document(reply, &out), 0);
    snprintf(id, sizeof id, "%.*s", (int)out.len, (const char *)out.data);
    pwv_close(reply);

    /* Revealing needs an answer first. The error's detail lists the challenges, as `challenge` does. */
    snprintf(arguments, sizeof arguments, "{\"id\": %s}", id);
    if (pwv_call(session, TEXT("reveal"), slice(arguments, strlen(arguments)), NULL, 0, &reply, &error) != LOCKED)
        return 1;
    pwv_close(error);
    snprintf(arguments, sizeof arguments, "{\"entry\": %s}", id);
    expect(pwv_call(session, TEXT("challenge"), slice(arguments, strlen(arguments)), NULL, 0, &reply, &error), error);
    expect(pwv_document(reply, &out), 0);
    printf("asked for: %.*s\n", (int)out.len, (const char *)out.data);
    pwv_close(reply);

    /* The answer comes to a ticket: a secret of this user's web session, for instance. */
    secrets[0] = TEXT("a master password");
    expect(pwv_call(session, TEXT("unlock"), TEXT(answer), secrets, 1, &reply, &error), error);
    expect(pwv_secret(reply, 0, &out), 0);
    ticket_len = out.len;
    if (ticket_len > sizeof ticket)
        return 1;
    memcpy(ticket, out.data, ticket_len);
    pwv_close(reply);
    pwv_close(session);

    /* The next request begins its session with the ticket. */
    secrets[0] = slice(ticket, ticket_len);
    expect(pwv_session(vault, TEXT(WITH_TICKET), secrets, 1, &session, &error), error);
    snprintf(arguments, sizeof arguments, "{\"id\": %s}", id);
    expect(pwv_call(session, TEXT("reveal"), slice(arguments, strlen(arguments)), NULL, 0, &reply, &error), error);
    expect(pwv_secret(reply, 0, &out), 0);
    printf("%.*s\n", (int)out.len, (const char *)out.data);
    pwv_close_all();
    return 0;
}
