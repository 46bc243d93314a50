package com.pwvault

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path
import kotlin.io.path.writeText

/** A native library that is missing or not the right one is told by exact versions. */
class LibraryTest {
    @TempDir
    lateinit var folder: Path

    @Test
    fun `the one in place fits`() = assertNull(Library.examine("pwvault"))

    @Test
    fun `one that is missing is named with what is needed`() {
        val missing = Library.examine("/nowhere/libpwvault.so")!!
        assertEquals(-1 to "LIBRARY", missing.code to missing.name)
        assertTrue("/nowhere/libpwvault.so" in missing.message!! && "version $ABI " in missing.message!!, missing.message)
    }

    @Test
    fun `one that is something else is told apart`() {
        val other = Library.examine(built("other", "int answer(void) { return 42; }"))!!
        assertTrue("is not the native library of pwvault" in other.message!!, other.message)
    }

    @Test
    fun `an older or newer one is named with both versions`() {
        val older = Library.examine(built("older", "int pwv_abi_version(void) { return ${ABI - 1}; }"))!!
        assertTrue("is older" in older.message!! && "has version ${ABI - 1} " in older.message!! && "need version $ABI" in older.message!!, older.message)
        val newer = Library.examine(built("newer", "int pwv_abi_version(void) { return ${ABI + 1}; }"))!!
        assertTrue("is newer" in newer.message!!, newer.message)
    }

    private fun built(name: String, source: String): String {
        val code = folder.resolve("$name.c").also { it.writeText(source) }
        val library = folder.resolve("lib$name.so")
        val compiler = ProcessBuilder("cc", "-shared", "-fPIC", "-o", "$library", "$code").inheritIO().start()
        assertEquals(0, compiler.waitFor())
        return "$library"
    }
}
