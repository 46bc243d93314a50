package com.pwvault

import com.sun.jna.Function
import com.sun.jna.NativeLibrary

/**
 * The native library. Its own methods are what needs no vault: for hosts and auditors.
 *
 * Every call of it, and the opening of every vault, throws [LibraryException] when it is missing or of another version
 * than these classes were made for.
 */
public object Library : LibraryCapabilities {
    /** Where uniffi looks too, before its own name for the library. */
    private const val OVERRIDE = "uniffi.component.pwvault.libraryOverride"

    private val problem: LibraryException? by lazy {
        examine(System.getProperty(OVERRIDE) ?: "pwvault")
    }

    internal val boundary = Boundary("library") { name, arguments, secrets ->
        check()
        com.pwvault.uniffi.call(name, arguments, secrets)
    }

    /** @throws LibraryException when the library cannot be used. */
    internal fun check() {
        problem?.let { throw LibraryException(it.message.orEmpty(), it.cause) }
    }

    /** What is wrong with the library of a name or path, if anything is. */
    internal fun examine(name: String): LibraryException? {
        val library = try {
            NativeLibrary.getInstance(name)
        } catch (error: UnsatisfiedLinkError) {
            return LibraryException(
                "the native library of pwvault is missing: these classes need $name with version $ABI of its interface, in the " +
                    "jar as ${com.sun.jna.Platform.RESOURCE_PREFIX}/${System.mapLibraryName("pwvault")} or on jna.library.path",
                error,
            )
        }
        val found = number(library, "pwv_abi_version")
            ?: return LibraryException("${library.file} is not the native library of pwvault; these classes need version $ABI of its interface")
        if (found == ABI) return null
        val which = if (found < ABI) "older" else "newer"
        return LibraryException(
            "${library.file} is $which than these classes: it has version $found of the interface, and they need version $ABI",
        )
    }

    private fun number(library: NativeLibrary, symbol: String): Int? {
        val function: Function = try {
            library.getFunction(symbol)
        } catch (_: UnsatisfiedLinkError) {
            return null
        }
        return function.invokeInt(emptyArray())
    }
}
