/* A store in plain memory. One lock makes every call a snapshot and every commit all or nothing. It is never held
 * while the library is called, so that a fork finds it open. */
#include "memory_store.h"

#include "json.h"

#include <pthread.h>

#define ID 32
#define VAULT 36
#define PAGE_BYTES (8u << 20)

/* Ordered by vault, kind and id; digits in lower case stand in the order of the bytes they mean. */
struct key {
    char vault[VAULT + 1], id[ID + 1];
    unsigned kind;
};

struct record {
    struct key key;
    uint64_t revision;
    size_t labels, length;
    char bytes[]; /* the digits of each label, one after another, and then the body */
};

struct memory_store {
    pthread_mutex_t lock;
    struct record **records;
    size_t count;
};

/* A record that is written, or removed where there is none. */
struct change {
    struct key key;
    struct record *record;
};

/* What is answered: a document, and the bodies it names. */
struct reply {
    growing document, bodies, lengths;
};

memory_store *memory_store_new(void) {
    memory_store *store = calloc(1, sizeof *store);
    if (store != NULL && pthread_mutex_init(&store->lock, NULL) != 0) {
        free(store);
        return NULL;
    }
    return store;
}

void memory_store_free(memory_store *store) {
    size_t at;
    for (at = 0; at < store->count; at++)
        free(store->records[at]);
    free(store->records);
    pthread_mutex_destroy(&store->lock);
    free(store);
}

static int compare(const struct key *one, const struct key *other) {
    int order = strcmp(one->vault, other->vault);
    if (order == 0)
        order = (one->kind > other->kind) - (one->kind < other->kind);
    return order != 0 ? order : strcmp(one->id, other->id);
}

static int compare_changes(const void *one, const void *other) {
    return compare(&((const struct change *)one)->key, &((const struct change *)other)->key);
}

static int compare_labels(const void *one, const void *other) { return memcmp(one, other, ID); }

static int read_key(json value, struct key *out) {
    out->kind = (unsigned)json_number(json_member(value, "kind"));
    return json_copy(json_member(value, "vault"), out->vault, sizeof out->vault) &&
           json_copy(json_member(value, "id"), out->id, sizeof out->id);
}

/* The place of the first record that does not come before a key. */
static size_t place(const memory_store *store, const struct key *key) {
    size_t low = 0, high = store->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare(&store->records[middle]->key, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static const struct record *find(const memory_store *store, const struct key *key) {
    size_t at = place(store, key);
    return at < store->count && compare(&store->records[at]->key, key) == 0 ? store->records[at] : NULL;
}

static void print_key(growing *to, const struct key *key) {
    print(to, "{\"vault\":\"%s\",\"kind\":%u,\"id\":\"%s\"}", key->vault, key->kind, key->id);
}

static void print_record(struct reply *to, const struct record *record) {
    size_t at;
    print(&to->document, "{\"key\":");
    print_key(&to->document, &record->key);
    print(&to->document, ",\"revision\":%llu,\"labels\":[", (unsigned long long)record->revision);
    for (at = 0; at < record->labels; at++)
        print(&to->document, "%s\"%.*s\"", at == 0 ? "" : ",", ID, record->bytes + at * ID);
    print(&to->document, "],\"body\":{\"$payload\":%zu}}", to->lengths.length / sizeof record->length);
    put(&to->bodies, record->bytes + record->labels * ID, record->length);
    put(&to->lengths, &record->length, sizeof record->length);
}

static void load(memory_store *store, json question, struct reply *to) {
    json one = json_first(json_member(question, "keys"));
    const char *before = "";
    print(&to->document, "{\"records\":[");
    for (; one.at != NULL; one = json_next(one), before = ",") {
        struct key key;
        const struct record *found = read_key(one, &key) ? find(store, &key) : NULL;
        print(&to->document, "%s", before);
        if (found == NULL)
            print(&to->document, "null");
        else
            print_record(to, found);
    }
    print(&to->document, "]}");
}

/* Whether a record has of every group at least one label. */
static int matches(const struct record *record, json groups) {
    json group = json_first(groups);
    for (; group.at != NULL; group = json_next(group)) {
        json label = json_first(group);
        while (label.at != NULL && bsearch(label.at + 1, record->bytes, record->labels, ID, compare_labels) == NULL)
            label = json_next(label);
        if (label.at == NULL)
            return 0;
    }
    return 1;
}

static void scan(memory_store *store, json question, struct reply *to) {
    json query = json_member(question, "query"), groups = json_member(query, "labels");
    json want = json_member(query, "want");
    uint64_t limit = json_number(json_member(query, "limit")), rows = 0;
    int down = json_is(json_member(query, "order"), "descending"), more = 0;
    int counts = json_is(want, "count"), keys = json_is(want, "keys");
    size_t first, last;
    const struct record *found = NULL, *shown = NULL;
    struct key bound;
    bound.kind = (unsigned)json_number(json_member(query, "kind"));
    json_copy(json_member(query, "vault"), bound.vault, sizeof bound.vault);
    if (!json_copy(json_member(query, "from"), bound.id, sizeof bound.id))
        strcpy(bound.id, "");
    first = place(store, &bound);
    if (!json_copy(json_member(query, "to"), bound.id, sizeof bound.id))
        strcpy(bound.id, "g"); /* after every digit */
    last = place(store, &bound);
    if (json_copy(json_member(query, "cursor"), bound.id, sizeof bound.id)) {
        size_t at = place(store, &bound);
        if (down)
            last = at < last ? at : last;
        else if (at >= first)
            first = at + (find(store, &bound) != NULL);
    }
    print(&to->document, "{\"rows\":{\"%s\":%s", counts ? "count" : keys ? "keys" : "records", counts ? "" : "[");
    while (first < last && !(counts && rows == limit)) {
        found = store->records[down ? --last : first++];
        if (!matches(found, groups))
            continue;
        if (rows == limit || to->bodies.length > PAGE_BYTES) {
            more = 1;
            break;
        }
        shown = found;
        if (rows++ > 0 && !counts)
            print(&to->document, ",");
        if (keys) {
            print(&to->document, "[");
            print_key(&to->document, &found->key);
            print(&to->document, ",%llu]", (unsigned long long)found->revision);
        } else if (!counts) {
            print_record(to, found);
        }
    }
    if (counts)
        print(&to->document, "%llu},\"next\":", (unsigned long long)rows);
    else
        print(&to->document, "]},\"next\":");
    if (more)
        print(&to->document, "\"%s\"}", shown->key.id);
    else
        print(&to->document, "null}");
}

/* Whether a record is as a change set expects: absent, or at a revision. */
static int holds(const memory_store *store, json subject, json expect) {
    struct key key;
    const struct record *found;
    if (!read_key(subject, &key))
        return 0;
    found = find(store, &key);
    if (json_is(expect, "absent"))
        return found == NULL;
    if (*expect.at == '{')
        expect = json_member(expect, "revision");
    return found != NULL && found->revision == json_number(expect);
}

/* The first key that is not as expected, or none. */
static json conflict(const memory_store *store, json changes) {
    json one, subject;
    for (one = json_first(json_member(changes, "asserts")); one.at != NULL; one = json_next(one)) {
        subject = json_first(one);
        if (!holds(store, subject, json_next(subject)))
            return subject;
    }
    for (one = json_first(json_member(changes, "writes")); one.at != NULL; one = json_next(one)) {
        subject = json_member(json_member(one, "record"), "key");
        if (!holds(store, subject, json_member(one, "expect")))
            return subject;
    }
    for (one = json_first(json_member(changes, "deletes")); one.at != NULL; one = json_next(one)) {
        subject = json_first(one);
        if (!holds(store, subject, json_next(subject)))
            return subject;
    }
    return one;
}

static struct record *read_record(json value, const pwv_slice *payloads) {
    pwv_slice body = payloads[json_number(json_member(json_member(value, "body"), "$payload"))];
    json labels = json_member(value, "labels"), label;
    size_t count = 0;
    struct record *record;
    for (label = json_first(labels); label.at != NULL; label = json_next(label))
        count++;
    record = malloc(sizeof *record + count * ID + body.len);
    if (record == NULL || !read_key(json_member(value, "key"), &record->key)) {
        free(record);
        return NULL;
    }
    record->revision = json_number(json_member(value, "revision"));
    record->labels = 0;
    for (label = json_first(labels); label.at != NULL; label = json_next(label))
        memcpy(record->bytes + record->labels++ * ID, label.at + 1, ID);
    record->length = body.len;
    if (body.len > 0)
        memcpy(record->bytes + count * ID, body.data, body.len);
    return record;
}

/* Reads what is written and removed, in the order of keys; whether that went well. */
static int read_changes(json changes, const pwv_slice *payloads, growing *to) {
    struct change one;
    json item;
    for (item = json_first(json_member(changes, "writes")); item.at != NULL; item = json_next(item)) {
        one.record = read_record(json_member(item, "record"), payloads);
        if (one.record == NULL)
            return 0;
        one.key = one.record->key;
        put(to, &one, sizeof one);
        if (to->failed) {
            free(one.record);
            return 0;
        }
    }
    one.record = NULL;
    for (item = json_first(json_member(changes, "deletes")); item.at != NULL; item = json_next(item)) {
        if (!read_key(json_first(item), &one.key))
            return 0;
        put(to, &one, sizeof one);
    }
    if (to->length > 0 && !to->failed)
        qsort(to->bytes, to->length / sizeof one, sizeof one, compare_changes);
    return !to->failed;
}

/* Puts records and changes together, both in order, and forgets what was replaced. */
static int merge(memory_store *store, struct change *changes, size_t count) {
    struct record **merged = malloc((store->count + count + 1) * sizeof *merged);
    size_t length = 0, at = 0, next = 0;
    if (merged == NULL)
        return 0;
    while (at < store->count || next < count) {
        int order = at == store->count ? 1 : next == count ? -1 : compare(&store->records[at]->key, &changes[next].key);
        if (order < 0) {
            merged[length++] = store->records[at++];
            continue;
        }
        if (order == 0)
            free(store->records[at++]);
        if (changes[next].record != NULL)
            merged[length++] = changes[next].record;
        changes[next++].record = NULL;
    }
    free(store->records);
    store->records = merged;
    store->count = length;
    return 1;
}

/* Gives 0 when all is done, 1 when nothing is. */
static int commit(memory_store *store, json question, const pwv_slice *payloads, struct reply *to) {
    json changes = json_member(question, "changes"), torn;
    growing list = {NULL, 0, 0, 0};
    int failed = !read_changes(changes, payloads, &list);
    size_t count = list.length / sizeof(struct change), at;
    pthread_mutex_lock(&store->lock);
    torn = conflict(store, changes);
    failed = failed || torn.at != NULL || !merge(store, (struct change *)(void *)list.bytes, count);
    pthread_mutex_unlock(&store->lock);
    for (at = 0; at < count; at++)
        free(((struct change *)(void *)list.bytes)[at].record);
    free(list.bytes);
    if (torn.at != NULL)
        print(&to->document, "{\"name\":\"conflict\",\"message\":\"another change came first\",\"detail\":{\"key\":%.*s}}",
              (int)(json_after(torn) - torn.at), torn.at);
    else if (failed)
        print(&to->document, "{\"name\":\"full\",\"message\":\"there is no memory left\"}");
    else
        print(&to->document, "{\"committed\":true}");
    return failed;
}

/* Gives what was put together, each body as a payload. */
static int32_t give(struct reply *from, uint64_t answer) {
    size_t count = from->lengths.length / sizeof(size_t), at;
    const char *body = from->bodies.bytes;
    pwv_slice *payloads = calloc(count + 1, sizeof *payloads);
    int32_t status = 1;
    if (payloads != NULL && !from->document.failed && !from->bodies.failed && !from->lengths.failed) {
        for (at = 0; at < count; at++) {
            memcpy(&payloads[at].len, from->lengths.bytes + at * sizeof(size_t), sizeof(size_t));
            payloads[at].data = (const uint8_t *)body;
            if (payloads[at].len > 0)
                body += payloads[at].len;
        }
        status = pwv_answer(answer, grown(&from->document), payloads, count);
    }
    free(payloads);
    return status;
}

int32_t memory_store_call(memory_store *store, pwv_slice operation, pwv_slice document, const pwv_slice *payloads,
                          uint64_t answer) {
    struct reply to;
    json question = json_of(document);
    int32_t failed = 0, given;
    memset(&to, 0, sizeof to);
    if (same(operation, "store.commit")) {
        failed = commit(store, question, payloads, &to);
    } else {
        pthread_mutex_lock(&store->lock);
        if (same(operation, "store.load"))
            load(store, question, &to);
        else if (same(operation, "store.scan"))
            scan(store, question, &to);
        else
            print(&to.document, "{\"backend\":\"memory of C\",\"schema\":1,\"durable\":false,\"parallel_commits\":false}");
        pthread_mutex_unlock(&store->lock);
    }
    given = give(&to, answer);
    free(to.document.bytes);
    free(to.bodies.bytes);
    free(to.lengths.bytes);
    return failed || given;
}
