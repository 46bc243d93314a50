package com.pwvault

import com.pwvault.wire.Json
import com.pwvault.wire.Unreadable
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

class JsonTest {
    @Test
    fun `documents are read`() {
        val text = """ {"a" : [1, -2, 0.5, 1e2, true, false, null, {}, []], "\u00e9\n\"": "x\ud83d\ude00\/", "max": 9223372036854775807} """
        val expected = mapOf(
            "a" to listOf(1L, -2L, 0.5, 100.0, true, false, null, emptyMap<String, Any?>(), emptyList<Any?>()),
            "é\n\"" to "x\uD83D\uDE00/",
            "max" to Long.MAX_VALUE,
        )
        assertEquals(expected, Json.read(text))
        assertEquals(expected, Json.read(Json.write(expected)))
    }

    @Test
    fun `what is no document is refused`() {
        val wrong = listOf(
            "", " ", "{", "[1", "[1,]", "{\"a\"}", "{\"a\":1,}", "{a:1}", "nul", "truee", "\"", "\"\\x\"", "\"\\u12\"", "\"a\nb\"",
            "1 2", "--1", "+1", "[", "]", "[".repeat(1000) + "]".repeat(1000),
        )
        wrong.forEach { text -> assertThrows<Unreadable>(text) { Json.read(text) } }
    }

    @Test
    fun `texts come back as they were`() {
        val text = (0..0x2100).map { it.toChar() }.joinToString("")
        assertEquals(text, Json.read(Json.write(text)))
        assertThrows<InvalidArgumentException> { Json.write("\uDE00") }
    }
}
