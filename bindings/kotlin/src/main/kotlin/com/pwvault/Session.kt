package com.pwvault

import com.pwvault.uniffi.NativeSession

/**
 * What one principal does with a vault. The interfaces it implements group its methods as the library's capabilities.
 *
 * Any thread may call it at any time. Once it is closed, every call ends in [InvalidHandleException]; a call that is
 * under way ends as it would have.
 */
public class Session internal constructor(private val native: NativeSession) : SessionCapabilities, AutoCloseable {
    internal val boundary = Boundary("session", native::call)

    /** Ends the session and forgets what it unlocked. Closing it again does nothing. */
    override fun close(): Unit = boundary.close(native)

    override fun toString(): String = "Session"
}
