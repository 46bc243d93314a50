/* JSON as far as a host needs it: reads the questions of the library, and writes answers. The reader trusts its
 * text, since the library writes no other; where JSON comes from elsewhere, take a reader that checks it. */
#ifndef JSON_H
#define JSON_H

#include <pwvault.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A value: where it begins, and where its document ends. `at` is null where there is no value. */
typedef struct json {
    const char *at, *end;
} json;

static inline json json_at(const char *at, const char *end) {
    json value;
    while (at < end && strchr(" \t\r\n", *at) != NULL)
        at++;
    value.at = at < end ? at : NULL;
    value.end = end;
    return value;
}

/* The value of a whole document. */
static inline json json_of(pwv_slice document) {
    const char *text = (const char *)document.data;
    return json_at(text, text + document.len);
}

/* Where a value ends. */
static inline const char *json_after(json value) {
    const char *at = value.at;
    size_t depth = 0;
    int quoted = 0;
    while (at < value.end) {
        char c = *at++;
        if (quoted) {
            if (c == '\\')
                at++;
            else if (c == '"')
                quoted = 0;
        } else if (c == '"') {
            quoted = 1;
        } else if (c == '[' || c == '{') {
            depth++;
        } else if (c == ']' || c == '}') {
            if (depth-- == 0)
                return at - 1;
        } else {
            if (depth == 0 && strchr(", \t\r\n", c) != NULL)
                return at - 1;
            continue;
        }
        if (depth == 0 && !quoted)
            return at;
    }
    return at;
}

/* The value after the next comma, or none at the end of the list or object. */
static inline json json_next(json value) {
    json next = json_at(json_after(value), value.end);
    if (next.at != NULL && *next.at == ',')
        return json_at(next.at + 1, next.end);
    next.at = NULL;
    return next;
}

/* The first value of a list, or the first name of an object. */
static inline json json_first(json list) {
    json first = json_at(list.at + 1, list.end);
    if (first.at != NULL && (*first.at == ']' || *first.at == '}'))
        first.at = NULL;
    return first;
}

/* Whether a value is this text, which has nothing that JSON escapes. */
static inline int json_is(json value, const char *text) {
    size_t length = strlen(text);
    return value.at != NULL && (size_t)(value.end - value.at) >= length + 2 && *value.at == '"' &&
           memcmp(value.at + 1, text, length) == 0 && value.at[length + 1] == '"';
}

/* Whether a slice holds just this text. */
static inline int same(pwv_slice slice, const char *text) {
    return slice.len == strlen(text) && memcmp(slice.data, text, slice.len) == 0;
}

/* What an object holds under a name, or none. */
static inline json json_member(json object, const char *name) {
    json key = object;
    if (object.at != NULL && *object.at == '{') {
        for (key = json_first(object); key.at != NULL;) {
            json value = json_at(json_at(json_after(key), key.end).at + 1, key.end);
            if (json_is(key, name))
                return value;
            key = json_next(value);
        }
    }
    key.at = NULL;
    return key;
}

/* Copies a text without escapes, with a zero behind it; whether it fits. */
static inline int json_copy(json value, char *to, size_t size) {
    size_t length = value.at == NULL ? 0 : (size_t)(json_after(value) - value.at);
    if (length < 2 || *value.at != '"' || length - 2 >= size)
        return 0;
    memcpy(to, value.at + 1, length - 2);
    to[length - 2] = '\0';
    return 1;
}

/* A number from 0 on. */
static inline uint64_t json_number(json value) {
    uint64_t number = 0;
    for (; value.at != NULL && value.at < value.end && *value.at >= '0' && *value.at <= '9'; value.at++)
        number = number * 10 + (uint64_t)(*value.at - '0');
    return number;
}

/* Bytes that grow. `failed` says that memory ran out; then they are worth nothing. */
typedef struct growing {
    char *bytes;
    size_t length, room;
    int failed;
} growing;

/* Room for so many more, or null. */
static inline char *grow(growing *to, size_t more) {
    if (!to->failed && to->room - to->length < more) {
        size_t room = (to->room + more) * 2;
        char *bytes = realloc(to->bytes, room);
        if (bytes == NULL) {
            to->failed = 1;
        } else {
            to->bytes = bytes;
            to->room = room;
        }
    }
    return to->failed ? NULL : to->bytes + to->length;
}

static inline void put(growing *to, const void *bytes, size_t length) {
    char *place = grow(to, length);
    if (place != NULL && length > 0) {
        memcpy(place, bytes, length);
        to->length += length;
    }
}

/* Puts what `printf` would print. */
static inline void print(growing *to, const char *format, ...) {
    va_list arguments;
    int length;
    char *place;
    va_start(arguments, format);
    length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    place = grow(to, (size_t)length + 1);
    if (place != NULL) {
        va_start(arguments, format);
        vsnprintf(place, (size_t)length + 1, format, arguments);
        va_end(arguments);
        to->length += (size_t)length;
    }
}

static inline pwv_slice grown(const growing *from) {
    pwv_slice slice;
    slice.data = (const uint8_t *)from->bytes;
    slice.len = from->length;
    return slice;
}

#endif
