/* Misuse that AddressSanitizer must report: reading what was given after its handle was closed. */
#include "support.h"

int main(int count, char **arguments) {
    char id[128];
    pwv_slice out;
    uint64_t vault = open_vault("memory:"), session = begin(vault), reply;
    create(session, text("correct horse"), id, sizeof id);
    reply = call(session, "reveal", id, NULL);
    CHECK(count == 2);
    if (strcmp(arguments[1], "document") == 0)
        CHECK(pwv_document(reply, &out) == 0);
    else
        CHECK(pwv_secret(reply, 0, &out) == 0);
    pwv_close(reply);
    printf("%d\n", out.data[0]);
    return 0;
}
