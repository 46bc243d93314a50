package com.pwvault

import java.nio.ByteBuffer
import java.nio.CharBuffer
import java.nio.charset.CharacterCodingException
import com.pwvault.uniffi.Secret as NativeSecret

/**
 * A password, key, token or whole file. Its bytes lie in memory of the native library, out of the reach of the garbage
 * collector's copies, and are wiped when it is closed.
 *
 * **Security.** It prints as `Secret(redacted)`, is equal to nothing but itself, and cannot be serialized. What
 * [expose] gives is a copy that nobody wipes but you; what [exposeText] gives cannot be wiped at all.
 */
public class Secret internal constructor(internal val native: NativeSecret) : AutoCloseable {
    @Volatile
    private var closed = false

    /**
     * A copy of its bytes. Wipe it with `fill(0)` after use.
     *
     * @throws InvalidHandleException when it is closed.
     */
    public fun expose(): ByteArray = open().expose()

    /**
     * Its text.
     *
     * @throws InvalidHandleException when it is closed.
     * @throws InvalidArgumentException when it is no UTF-8.
     */
    public fun exposeText(): String {
        val bytes = expose()
        try {
            return Charsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString()
        } catch (_: CharacterCodingException) {
            throw invalidArgument("this secret is no text in UTF-8; take its bytes")
        } finally {
            bytes.fill(0)
        }
    }

    /** Wipes it. Closing it again does nothing. */
    override fun close() {
        closed = true
        native.wipe()
    }

    override fun toString(): String = "Secret(redacted)"

    /** The native secret, for a call. */
    internal fun open(): NativeSecret {
        if (closed) throw closed("secret")
        return native
    }

    public companion object {
        /** A secret of these bytes, which are copied. Wipe yours with `fill(0)`. */
        @JvmStatic
        public fun of(bytes: ByteArray): Secret {
            Library.check()
            return Secret(NativeSecret(bytes))
        }

        /**
         * A secret of these characters in UTF-8. Wipe yours with `fill`.
         *
         * @throws InvalidArgumentException for a lone half of a surrogate pair.
         */
        @JvmStatic
        public fun of(text: CharArray): Secret = of(CharBuffer.wrap(text))

        /**
         * A secret of this text in UTF-8. The text itself stays in memory until the garbage collector takes it.
         *
         * @throws InvalidArgumentException for a lone half of a surrogate pair.
         */
        @JvmStatic
        public fun of(text: CharSequence): Secret {
            val encoded = try {
                Charsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text))
            } catch (_: CharacterCodingException) {
                throw invalidArgument("a secret's text has a lone half of a surrogate pair")
            }
            val bytes = ByteArray(encoded.remaining())
            try {
                encoded.get(bytes)
                return of(bytes)
            } finally {
                bytes.fill(0)
                encoded.array().fill(0)
            }
        }
    }
}

internal fun invalidArgument(message: String) = InvalidArgumentException(Fault(3, "INVALID_ARGUMENT", message))

internal fun closed(what: String) = InvalidHandleException(Fault(2, "INVALID_HANDLE", "this $what is closed"))

internal fun internal(message: String) = InternalException(Fault(1, "INTERNAL", message))
