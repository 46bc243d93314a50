package com.pwvault

import com.pwvault.wire.At
import com.pwvault.wire.Out

/** Makes calls; the interfaces over it say which there are. */
public sealed interface Calls

/** Calls an operation with the arguments that `write` makes, and reads its result. */
internal fun <T> Calls.call(name: String, write: Out.() -> Any?, read: (At) -> T): T = when (this) {
    is Vault -> boundary
    is Session -> boundary
    is Library -> boundary
}.call(name, write, read)

/** The rows of one page after another; a page is asked for when the one before is used up. */
internal fun <P, C : Any, R> pages(page: (C?) -> P, rows: (P) -> List<R>, next: (P) -> C?): Sequence<R> = sequence {
    var after: C? = null
    do {
        val one = page(after)
        yieldAll(rows(one))
        after = next(one)
    } while (after != null)
}
