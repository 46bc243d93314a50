package com.pwvault

import com.pwvault.wire.At

/**
 * What a call came to instead of a result. After [InternalException] and [StoreException] it is not known whether the
 * call was done.
 *
 * There is a class for every error; all of them are listed in `bindings/errors.toml`. Neither the message nor the
 * detail holds a secret.
 */
public sealed class VaultException(private val fault: Fault) : RuntimeException(fault.message) {
    /** A number that stays the same for ever, such as 10. */
    public val code: Int get() = fault.code

    /** A name that stays the same for ever, such as `NOT_FOUND`. */
    public val name: String get() = fault.name

    /**
     * Facts for programs: maps, lists, texts, numbers, booleans. `key` leads to the words for it in other languages.
     */
    public val detail: Map<String, Any?> get() = fault.detail

    internal fun <T> fact(name: String, read: (At) -> T): T = read(At(fault.detail[name], emptyList(), path = "detail.$name"))
}

/** What is known of an error. */
public class Fault internal constructor(
    internal val code: Int,
    internal val name: String,
    internal val message: String,
    internal val detail: Map<String, Any?> = emptyMap(),
)

/**
 * The native library is missing, or is not of the version that these classes were made for. Its message says which is
 * there and which is wanted.
 */
public class LibraryException internal constructor(message: String, cause: Throwable? = null) :
    VaultException(Fault(-1, "LIBRARY", message)) {
    init {
        if (cause != null) initCause(cause)
    }
}
