/* A store in plain memory: what a host's own database would be. */
#ifndef MEMORY_STORE_H
#define MEMORY_STORE_H

#include <pwvault.h>

typedef struct memory_store memory_store;

/* An empty store, or null without memory. */
memory_store *memory_store_new(void);

/* Answers the operations that begin with `store.`, as `pwv_host.call` must. */
int32_t memory_store_call(memory_store *store, pwv_slice operation, pwv_slice document, const pwv_slice *payloads,
                          uint64_t answer);

void memory_store_free(memory_store *store);

#endif
