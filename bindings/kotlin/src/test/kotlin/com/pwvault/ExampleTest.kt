package com.pwvault

import com.pwvault.example.main
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.ByteArrayInputStream
import java.io.ByteArrayOutputStream
import java.io.PrintStream
import java.nio.file.Path
import kotlin.io.path.writeText

/** The example, run as from a terminal. */
class ExampleTest {
    @TempDir
    lateinit var folder: Path

    private fun run(vararg lines: String): List<String> {
        val (input, output) = System.`in` to System.out
        val printed = ByteArrayOutputStream()
        try {
            System.setIn(ByteArrayInputStream(lines.joinToString("\n").toByteArray()))
            System.setOut(PrintStream(printed, true))
            main(arrayOf("${folder.resolve("vault.db")}", "${folder.resolve("kek")}"))
        } finally {
            System.setIn(input)
            System.setOut(output)
        }
        return printed.toString().lines().filter(String::isNotEmpty)
    }

    @Test
    fun `a day at the back office`() {
        val file = folder.resolve("chrome.csv").also { it.writeText("name,url,username,password\nWiki,https://wiki.example,ben,pw\n") }
        val first = run("add Router anna", "share Router support 7", "import $file", "allow support", "as 2 support", "list", "show Router", "show Wiki", "share Router other 1")
        assertEquals(listOf("added Router with a generated password", "support may see Router for 7 days", "took in 1 of 1 rows", "support may list entries", "Router (anna)"), first.take(5))
        assertTrue(first[5].matches(Regex("Router: .{24}")), first[5])
        assertEquals("there is no such entry", first[6])
        assertTrue(first[7].startsWith("denied: "), first[7])
        assertTrue(first.drop(8).contains("  would help: ask for a grant of share"), "$first")
        // The vault is still there in the next process.
        assertEquals(setOf("Router (anna)", "Wiki (ben)"), run("list").toSet())
        assertTrue(run("log").size > 5)
    }
}
