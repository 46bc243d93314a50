package com.pwvault

import com.pwvault.uniffi.NativeSession

/**
 * What one principal does with a vault. The interfaces it implements group its methods as the library's capabilities.
 *
 * Any thread may call it at any time. Once it is closed, every call ends in [InvalidHandleException]; a call that is
 * under way ends as it would have.
 */
public class Session internal constructor(
    private val native: NativeSession,
    private val likeThisWith: (Secret) -> Session,
) : SessionCapabilities, AutoCloseable {
    internal val boundary = Boundary("session", native::call)

    /**
     * Another session like this one, in which what the ticket unlocked is open too. This one stays as it is.
     *
     * @param ticket What `unlock` gave.
     * @throws VaultException as its class says.
     */
    public fun withTicket(ticket: Secret): Session = likeThisWith(ticket)

    /** Ends the session and forgets what it unlocked. Closing it again does nothing. */
    override fun close(): Unit = boundary.close(native)

    override fun toString(): String = "Session"
}
