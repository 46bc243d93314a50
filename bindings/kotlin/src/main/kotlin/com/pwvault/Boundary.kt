package com.pwvault

import com.pwvault.uniffi.Failure
import com.pwvault.uniffi.Reply
import com.pwvault.wire.At
import com.pwvault.wire.Json
import com.pwvault.wire.Out
import com.pwvault.wire.Unreadable
import java.util.concurrent.atomic.AtomicBoolean
import com.pwvault.uniffi.Secret as NativeSecret

/** One native object that takes calls: documents on the way in and out, and the end of it. */
internal class Boundary(
    private val what: String,
    private val native: (String, String, List<NativeSecret>) -> Reply,
) {
    private val closed = AtomicBoolean()

    fun <T> call(name: String, write: Out.() -> Any?, read: (At) -> T): T = open {
        val out = Out()
        val document = Json.write(out.write())
        val reply = native(name, document, out.secrets.map(Secret::open))
        read(At(Json.read(reply.document), reply.secrets.map(::Secret)))
    }

    fun <T> open(run: () -> T): T {
        if (closed.get()) throw closed(what)
        return try {
            guarded(run)
        } catch (error: IllegalStateException) {
            // It was closed by another thread in between: then the object of uniffi says so.
            throw if (closed.get()) closed(what) else error
        }
    }

    fun close(native: AutoCloseable) {
        if (closed.compareAndSet(false, true)) native.close()
    }
}

/** Runs something native; what goes wrong comes out as exceptions of this package. */
internal fun <T> guarded(run: () -> T): T = Thrown.asCause {
    try {
        run()
    } catch (failure: Failure) {
        throw exceptionOf(failure)
    } catch (wrong: Unreadable) {
        throw internal(wrong.message.orEmpty())
    } finally {
        Exposed.wipe()
    }
}

private fun exceptionOf(failure: Failure): VaultException = when (failure) {
    is Failure.Fault -> {
        @Suppress("UNCHECKED_CAST")
        val detail = runCatching { Json.read(failure.detail) as? Map<String, Any?> }.getOrNull()
        exceptionOf(Fault(failure.code, failure.name, failure.text, detail ?: emptyMap()))
    }
}
