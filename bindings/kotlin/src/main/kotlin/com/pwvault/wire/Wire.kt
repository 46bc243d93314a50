package com.pwvault.wire

import com.pwvault.Secret
import java.time.Instant

/** A place in a document that is read; the secrets it names stand beside it, or the payloads of a question. */
internal class At(
    private val value: Any?,
    private val secrets: List<Secret>,
    private val payloads: List<ByteArray> = emptyList(),
    private val path: String = "",
) {
    operator fun get(name: String): At = at((value as? Map<*, *> ?: wrong("an object"))[name], "$path.$name")

    operator fun get(index: Int): At {
        val items = value as? List<*> ?: wrong("a list")
        if (index >= items.size) wrong("a longer list")
        return at(items[index], "$path[$index]")
    }

    fun text(): String = value as? String ?: wrong("a text")

    fun long(): Long = value as? Long ?: wrong("a whole number")

    /** A revision that is relied on: -1, which no record has, for one above 2^63. */
    fun revision(): Long = if (value is Double && value > Long.MAX_VALUE) -1 else long()

    fun int(): Int = long().let { if (it in 0..Int.MAX_VALUE) it.toInt() else wrong("a number below 2^31") }

    fun double(): Double = (value as? Number ?: wrong("a number")).toDouble()

    fun boolean(): Boolean = value as? Boolean ?: wrong("true or false")

    fun instant(): Instant = Instant.ofEpochMilli(long())

    fun nothing() {
        if (value != null) wrong("nothing")
    }

    fun secret(): Secret = secrets.getOrNull(this["\$secret"].int()) ?: wrong("the number of a secret")

    fun payload(): ByteArray = payloads.getOrNull(this["\$payload"].int()) ?: wrong("the number of a payload")

    fun <T> maybe(read: (At) -> T): T? = if (value == null) null else read(this)

    fun <T> list(read: (At) -> T): List<T> =
        (value as? List<*> ?: wrong("a list")).mapIndexed { index, one -> read(at(one, "$path[$index]")) }

    fun <T> map(read: (At) -> T): Map<String, T> {
        val pairs = value as? Map<*, *> ?: wrong("an object")
        return pairs.entries.associate { (key, one) -> key as String to read(at(one, "$path.$key")) }
    }

    /** The name of a case: a text, or the one key of an object. */
    fun case(): String = value as? String ?: (value as? Map<*, *>)?.keys?.singleOrNull() as? String ?: wrong("a case")

    /** The name of a case that stands in the object beside its fields. */
    fun tag(name: String): String = this[name].text()

    fun <T> enum(all: List<T>, wire: (T) -> String): T = all.firstOrNull { wire(it) == value } ?: unknown()

    fun unknown(): Nothing = wrong("a name this version knows")

    private fun at(value: Any?, path: String) = At(value, secrets, payloads, path)

    private fun wrong(expected: String): Nothing =
        throw Unreadable("${path.ifEmpty { "the document" }}: expected $expected")
}

/** A document that is written, and what it names beside it: secrets of a call, or payloads of an answer. */
internal class Out {
    val secrets: MutableList<Secret> = ArrayList()
    val payloads: MutableList<ByteArray> = ArrayList()

    fun record(vararg fields: Pair<String, Any?>): Map<String, Any?> = fields.filter { it.second != null }.toMap()

    /** One value under its name, null too: a host that has nothing to say says so. */
    fun only(name: String, value: Any?): Map<String, Any?> = mapOf(name to value)

    fun case(name: String, content: Any?): Map<String, Any?> = mapOf(name to content)

    fun secret(secret: Secret): Any {
        secrets.add(secret)
        return mapOf("\$secret" to secrets.size - 1)
    }

    fun payload(bytes: ByteArray): Any {
        payloads.add(bytes)
        return mapOf("\$payload" to payloads.size - 1)
    }
}
