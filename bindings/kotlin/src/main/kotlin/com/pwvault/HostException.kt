package com.pwvault

import com.pwvault.store.RecordKey
import com.pwvault.store.writeKey

/**
 * What a host's own store, directory, notifier, connector or key provider throws to say what went wrong. Anything else
 * it throws counts as a failure without a name.
 *
 * The message goes into the message of the [VaultException] that the caller gets, and some are stored and listed: it
 * holds no secret and no person's data.
 */
public class HostException @JvmOverloads constructor(
    /** What went wrong, as the library names it. */
    public val name: String,
    message: String,
    cause: Throwable? = null,
    internal val detail: Map<String, Any?> = emptyMap(),
) : RuntimeException(message, cause) {
    public companion object {
        /** Of a store: a record is not at the revision the change set expected. Nothing was written. */
        @JvmStatic
        public fun conflict(key: RecordKey): HostException =
            HostException("conflict", "a record is not at the revision expected", detail = mapOf("key" to writeKey(key)))

        /** Of a store: another writer held the database for too long. */
        @JvmStatic
        public fun busy(): HostException = HostException("busy", "the database stayed locked for too long")

        /** Of a store: there is no room for the change set. Nothing was written. */
        @JvmStatic
        public fun full(): HostException = HostException("full", "the database or its disk is full")

        /** Of a store: the database cannot be written. */
        @JvmStatic
        public fun readOnly(): HostException = HostException("read_only", "the database is read-only")

        /** Of a notifier: it may work later, and the vault tries again. Java calls it `temporary`. */
        @JvmStatic
        @JvmName("temporary")
        public fun transient(reason: String): HostException = HostException("transient", reason)

        /** Of a notifier: it will not work, and the message becomes a dead letter. */
        @JvmStatic
        public fun permanent(reason: String): HostException = HostException("permanent", reason)

        /** Of a connector: the server did not accept the credential. */
        @JvmStatic
        public fun refused(): HostException = HostException("refused", "the server refused the credential")

        /** Of a connector: the server does not allow this account to sign in. */
        @JvmStatic
        public fun notAllowed(): HostException = HostException("not_allowed", "the account may not sign in")

        /** Of a connector: no connection came about. */
        @JvmStatic
        public fun unreachable(): HostException = HostException("unreachable", "the server could not be reached")

        /** Of a connector: the server's certificate is not trusted. */
        @JvmStatic
        public fun untrusted(): HostException = HostException("untrusted", "the server's certificate is not trusted")

        /** Of a connector: the server took too long. */
        @JvmStatic
        public fun timedOut(): HostException = HostException("timed_out", "the server did not answer in time")

        /** Of any: the answer could not be had; the reason says why. */
        @JvmStatic
        public fun unavailable(reason: String): HostException = HostException("unavailable", reason)
    }
}
