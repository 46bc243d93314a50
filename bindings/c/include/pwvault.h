/* pwvault: see pwvault-ffi/README.md for the contract. */

#ifndef PWVAULT_H
#define PWVAULT_H

#include <stddef.h>
#include <stdint.h>

/*
 Bytes that someone else owns. `data` may be null when `len` is 0.
 */
typedef struct pwv_slice {
  /*
   The first byte.
   */
  const uint8_t *data;
  /*
   How many there are.
   */
  size_t len;
} pwv_slice;

/*
 A host that answers calls.
 */
typedef struct pwv_host {
  /*
   The host's own; given to both functions as it is.
   */
  uint64_t context;
  /*
   Answers `operation`: calls `pwv_answer` with `answer`, and gives 0. Any other number is a failure,
   of which the answer may say more: `{"name", "message", "detail"}`. The slices may be read until it
   returns. Any thread may call, also several at once; no lock is held, and the vault may be called.
   */
  int32_t (*call)(uint64_t context,
                  struct pwv_slice operation,
                  struct pwv_slice document,
                  const struct pwv_slice *payloads,
                  size_t count,
                  uint64_t answer);
  /*
   Called once, when nothing calls the host any more; may be null.
   */
  void (*release)(uint64_t context);
} pwv_host;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/*
 The version of this ABI. Rises with every change that breaks a caller.
 */
uint32_t pwv_abi_version(void);

/*
 The version of the library, such as `0.1.0`. The text lives as long as the library.

 # Safety
 `out` is valid for a write.
 */
int32_t pwv_library_version(struct pwv_slice *out);

/*
 Opens or creates a vault as a document says.

 # Safety
 `options` and each of the `count` slices at `secrets` are readable; `vault` and `error` are valid for
 a write, and `error` may be null.
 */
int32_t pwv_open(struct pwv_slice options,
                 const struct pwv_slice *secrets,
                 size_t count,
                 uint64_t *vault,
                 uint64_t *error);

/*
 Begins a session of a vault: `{"principal": ..., "context": ..., "tickets": [...]}`.

 # Safety
 As [`pwv_open`], with `session` for `vault`.
 */
int32_t pwv_session(uint64_t vault,
                    struct pwv_slice options,
                    const struct pwv_slice *secrets,
                    size_t count,
                    uint64_t *session,
                    uint64_t *error);

/*
 Calls an operation of a session or a vault by its name. With 0 for `target`, it is one of the library
 itself, which needs no vault.

 # Safety
 As [`pwv_open`], with `reply` for `vault`; `name` is readable too.
 */
int32_t pwv_call(uint64_t target,
                 struct pwv_slice name,
                 struct pwv_slice arguments,
                 const struct pwv_slice *secrets,
                 size_t count,
                 uint64_t *reply,
                 uint64_t *error);

/*
 The document of a reply, or of an error: `{"code", "name", "message", "detail"}`. It may be read until
 the handle is closed.

 # Safety
 `out` is valid for a write.
 */
int32_t pwv_document(uint64_t handle,
                     struct pwv_slice *out);

/*
 A secret that the document of a reply names, counted from 0. It may be read until the handle is
 closed, and is wiped then.

 # Safety
 `out` is valid for a write.
 */
int32_t pwv_secret(uint64_t reply, size_t index, struct pwv_slice *out);

/*
 Closes a handle of any sort and wipes what it held. Closing one that is closed does nothing.
 */
void pwv_close(uint64_t handle);

/*
 Closes every handle: for hosts whose requests may end without a word.
 */
void pwv_close_all(void);

/*
 How many handles are open.
 */
uint64_t pwv_debug_live_handles(void);

/*
 Opens or creates a vault as a document says, with a host that answers in the roles that the document
 names under `hosts`. The host is released when the vault and its sessions are closed and no call is
 under way; when the vault does not open, before this returns.

 # Safety
 As `pwv_open`; `host` is readable, and its functions keep to what is said of them
 until it is released.
 */
int32_t pwv_open_with_host(struct pwv_slice options,
                           const struct pwv_slice *secrets,
                           size_t count,
                           const struct pwv_host *host,
                           uint64_t *vault,
                           uint64_t *error);

/*
 Answers a call of a host, once, before the host's function returns. Document and payloads are copied.

 # Safety
 `document` and each of the `count` slices at `payloads` are readable.
 */
int32_t pwv_answer(uint64_t answer,
                   struct pwv_slice document,
                   const struct pwv_slice *payloads,
                   size_t count);

/*
 Tries the store of a host against its contract. The reply's document lists what is wrong, one text for
 each case; none is good. Takes some seconds, calls from several threads, and leaves records of fresh
 vaults behind. The host is released before this returns.

 # Safety
 `host` as [`pwv_open_with_host`]; `reply` and `error` are valid for a write, and `error` may be null.
 */
int32_t pwv_store_conformance(const struct pwv_host *host,
                              uint64_t *reply,
                              uint64_t *error);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* PWVAULT_H */
