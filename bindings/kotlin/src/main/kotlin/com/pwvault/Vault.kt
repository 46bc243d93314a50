package com.pwvault

import com.pwvault.model.OpenOptions
import com.pwvault.model.Principal
import com.pwvault.model.RequestContext
import com.pwvault.model.SessionOptions
import com.pwvault.uniffi.Host
import com.pwvault.uniffi.NativeVault
import com.pwvault.uniffi.open
import com.pwvault.wire.Json
import com.pwvault.wire.Out
import com.pwvault.wire.put

/**
 * A vault. Its own methods are what is done before there is a session: signing in, and what bearers of links do.
 *
 * Any thread may call it at any time. Once it is closed, every call ends in [InvalidHandleException]; sessions that
 * were begun before stay valid.
 */
public class Vault private constructor(private val native: NativeVault) : VaultCapabilities, AutoCloseable {
    internal val boundary = Boundary("vault", native::call)

    /**
     * Begins a session.
     *
     * @param principal Who acts, as the host has authenticated them.
     * @param context The request on whose behalf.
     * @param tickets What was unlocked in sessions before, as their `unlock` gave it.
     * @throws VaultException as its class says.
     */
    @JvmOverloads
    public fun session(
        principal: Principal,
        context: RequestContext = RequestContext(),
        tickets: List<Secret> = emptyList(),
    ): Session = boundary.open {
        val out = Out()
        val document = Json.write(out.put(SessionOptions(principal, context, tickets)))
        Session(native.session(document, out.secrets.map(Secret::open))) { session(principal, context, tickets + it) }
    }

    /** Closes the vault. Closing it again does nothing. */
    override fun close(): Unit = boundary.close(native)

    override fun toString(): String = "Vault"

    public companion object {
        /**
         * Opens or creates a vault.
         *
         * @param hosts What the host implements itself: the store, the directory and others.
         * @throws LibraryException when the native library is missing or of another version.
         * @throws VaultException as its class says.
         */
        @JvmStatic
        @JvmOverloads
        public fun open(options: OpenOptions, hosts: Hosts = Hosts()): Vault = open(options, hosts, hosts.adapter())

        internal fun open(options: OpenOptions, hosts: Hosts, host: Host?): Vault {
            Library.check()
            return guarded {
                val out = Out()
                val document = Json.write(hosts.announced(out.put(options)))
                Vault(open(document, out.secrets.map(Secret::open), host))
            }
        }
    }
}
