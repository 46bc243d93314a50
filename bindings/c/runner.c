/* Does what standard input asks, one line for each request, through the C ABI: how bindings/conformance asks
 * every language the same questions. Bytes stand as hexadecimal digits, no bytes as a dash.
 *
 *   open OPTIONS SECRET...           -> ok HANDLE
 *   session VAULT OPTIONS SECRET...  -> ok HANDLE
 *   call TARGET NAME ARGUMENTS SECRET... -> ok DOCUMENT SECRET...
 *   close HANDLE                     -> ok
 *
 * or `error DOCUMENT`. */
#include <pwvault.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 4096 };

static int digit(char c) {
    return c >= 'a' ? c - 'a' + 10 : c - '0';
}

/* The bytes of a word, in its place. */
static pwv_slice bytes(char *word) {
    pwv_slice slice;
    size_t at;
    slice.data = (uint8_t *)word;
    slice.len = strcmp(word, "-") == 0 ? 0 : strlen(word) / 2;
    for (at = 0; at < slice.len; at++)
        ((uint8_t *)word)[at] = (uint8_t)(digit(word[2 * at]) * 16 + digit(word[2 * at + 1]));
    return slice;
}

static void print(pwv_slice slice) {
    size_t at;
    putchar(' ');
    if (slice.len == 0)
        putchar('-');
    for (at = 0; at < slice.len; at++)
        printf("%02x", slice.data[at]);
}

static char *line(void) {
    size_t size = 1024, length = 0;
    char *text = malloc(size);
    int c;
    while (text != NULL && (c = getchar()) != EOF && c != '\n') {
        text[length++] = (char)c;
        if (length == size) {
            char *more = realloc(text, size *= 2);
            if (more == NULL)
                exit(2);
            text = more;
        }
    }
    if (text == NULL || (length == 0 && feof(stdin))) {
        free(text);
        return NULL;
    }
    text[length] = '\0';
    return text;
}

static void failed(uint64_t error) {
    pwv_slice document;
    if (pwv_document(error, &document) != 0)
        exit(3);
    printf("error");
    print(document);
    pwv_close(error);
}

static void replied(uint64_t reply) {
    pwv_slice part;
    size_t index;
    if (pwv_document(reply, &part) != 0)
        exit(3);
    printf("ok");
    print(part);
    for (index = 0; pwv_secret(reply, index, &part) == 0; index++)
        print(part);
    pwv_close(reply);
}

int main(void) {
    static char *words[WORDS_MAX];
    static pwv_slice parts[WORDS_MAX];
    char *text;
    while ((text = line()) != NULL) {
        size_t count = 0, at, first;
        uint64_t result = 0, error = 0, target = 0;
        int32_t status;
        char *word = strtok(text, " ");
        for (; word != NULL && count < WORDS_MAX; word = strtok(NULL, " "))
            words[count++] = word;
        if (count < 2)
            return 2;
        first = words[0][0] == 'o' ? 1 : words[0][0] == 's' ? 2 : 3;
        for (at = first; at < count; at++)
            parts[at] = bytes(words[at]);
        if (first > 1 || words[0][1] == 'l')
            target = strtoull(words[1], NULL, 10);
        if (strcmp(words[0], "close") == 0) {
            pwv_close(target);
            printf("ok");
        } else {
            if (count <= first)
                return 2;
            if (strcmp(words[0], "open") == 0) {
                status = pwv_open(parts[1], parts + 2, count - 2, &result, &error);
            } else if (strcmp(words[0], "session") == 0) {
                status = pwv_session(target, parts[2], parts + 3, count - 3, &result, &error);
            } else {
                pwv_slice name;
                name.data = (const uint8_t *)words[2];
                name.len = strlen(words[2]);
                status = pwv_call(target, name, parts[3], parts + 4, count - 4, &result, &error);
            }
            if (status != 0)
                failed(error);
            else if (strcmp(words[0], "call") == 0)
                replied(result);
            else
                printf("ok %llu", (unsigned long long)result);
        }
        putchar('\n');
        fflush(stdout);
        free(text);
    }
    return pwv_debug_live_handles() == 0 ? 0 : 1;
}
