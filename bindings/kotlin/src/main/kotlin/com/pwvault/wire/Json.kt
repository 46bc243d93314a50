package com.pwvault.wire

import com.pwvault.invalidArgument

/**
 * Documents as plain values: maps, lists, texts, numbers (`Long`, or `Double` with a fraction), booleans, null.
 * Reads what the library writes, so a document that does not read is a fault of the library.
 */
internal object Json {
    fun read(text: String): Any? = Reader(text).document()

    fun write(value: Any?): String = StringBuilder().also { write(value, it) }.toString()

    private fun write(value: Any?, to: StringBuilder) {
        when (value) {
            null, is Boolean, is Int, is Long -> to.append(value)
            is Double -> to.append(value.also { require(it.isFinite()) { "a number in a document is finite" } })
            is String -> quote(value, to)
            is Map<*, *> -> joined(value.entries, '{', '}', to) { (key, one) ->
                quote(key as String, to)
                to.append(':')
                write(one, to)
            }
            is List<*> -> joined(value, '[', ']', to) { write(it, to) }
            else -> throw IllegalArgumentException("no document holds a ${value.javaClass.name}")
        }
    }

    private inline fun <T> joined(all: Collection<T>, open: Char, close: Char, to: StringBuilder, each: (T) -> Unit) {
        to.append(open)
        all.forEachIndexed { index, one ->
            if (index > 0) to.append(',')
            each(one)
        }
        to.append(close)
    }

    private fun quote(text: String, to: StringBuilder) {
        to.append('"')
        text.forEachIndexed { index, char ->
            when {
                char.isHighSurrogate() && text.getOrNull(index + 1)?.isLowSurrogate() != true ||
                    char.isLowSurrogate() && text.getOrNull(index - 1)?.isHighSurrogate() != true ->
                    throw invalidArgument("a text has a lone half of a surrogate pair")
                char == '"' || char == '\\' -> to.append('\\').append(char)
                char < ' ' -> to.append("\\u%04x".format(char.code))
                else -> to.append(char)
            }
        }
        to.append('"')
    }
}

private class Reader(private val text: String) {
    private var at = 0

    fun document(): Any? {
        val value = value(0)
        skip()
        if (at != text.length) wrong()
        return value
    }

    private fun value(depth: Int): Any? {
        if (depth > DEPTH) wrong()
        skip()
        return when (val char = peek()) {
            '{' -> pairs(depth)
            '[' -> items(depth)
            '"' -> string()
            't' -> word("true", true)
            'f' -> word("false", false)
            'n' -> word("null", null)
            else -> if (char == '-' || char.isDigit()) number() else wrong()
        }
    }

    private fun pairs(depth: Int): Map<String, Any?> {
        val pairs = LinkedHashMap<String, Any?>()
        each('}') {
            skip()
            if (peek() != '"') wrong()
            val key = string()
            skip()
            take(':')
            pairs[key] = value(depth + 1)
        }
        return pairs
    }

    private fun items(depth: Int): List<Any?> {
        val items = ArrayList<Any?>()
        each(']') { items.add(value(depth + 1)) }
        return items
    }

    private inline fun each(close: Char, one: () -> Unit) {
        at++
        skip()
        if (peek() == close) {
            at++
            return
        }
        while (true) {
            one()
            skip()
            if (peek() == close) break
            take(',')
        }
        at++
    }

    private fun string(): String {
        at++
        val out = StringBuilder()
        while (true) {
            val char = peek()
            at++
            when {
                char == '"' -> return out.toString()
                char == '\\' -> out.append(escaped())
                char < ' ' -> wrong()
                else -> out.append(char)
            }
        }
    }

    private fun escaped(): Char {
        val char = peek()
        at++
        return when (char) {
            '"', '\\', '/' -> char
            'b' -> '\b'
            'f' -> '\u000c'
            'n' -> '\n'
            'r' -> '\r'
            't' -> '\t'
            'u' -> {
                if (at + 4 > text.length) wrong()
                val code = text.substring(at, at + 4).toIntOrNull(16) ?: wrong()
                at += 4
                code.toChar()
            }
            else -> wrong()
        }
    }

    private fun number(): Number {
        val start = at
        while (at < text.length && (text[at].isDigit() || text[at] in "+-.eE")) at++
        val digits = text.substring(start, at)
        return digits.toLongOrNull() ?: digits.toDoubleOrNull() ?: wrong()
    }

    private fun word(word: String, value: Any?): Any? {
        if (!text.startsWith(word, at)) wrong()
        at += word.length
        return value
    }

    private fun peek(): Char = if (at < text.length) text[at] else wrong()

    private fun take(char: Char) {
        if (peek() != char) wrong()
        at++
    }

    private fun skip() {
        while (at < text.length && text[at] in " \t\r\n") at++
    }

    /** Says where, never what stands there. */
    private fun wrong(): Nothing = throw Unreadable("the document does not read at character $at")
}

/** A document, or a place in one, is not what it should be. */
internal class Unreadable(message: String) : RuntimeException(message)

private const val DEPTH = 200
