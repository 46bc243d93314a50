package com.pwvault

import com.pwvault.uniffi.NativeSession
import com.pwvault.uniffi.NativeVault
import com.pwvault.uniffi.Reply
import com.pwvault.uniffi.open
import com.pwvault.wire.Json
import com.pwvault.uniffi.Secret as NativeSecret

/** Does what standard input asks, one line for each request. bindings/c/runner.c says what the lines are. */
public fun main() {
    val held = HashMap<String, AutoCloseable>()
    fun keep(made: AutoCloseable): List<String> = listOf((held.size + 1).toString().also { held[it] = made })
    fun answer(words: List<String>): List<String> = when (words[0]) {
        "open" -> keep(open(text(words[1]), secrets(words.drop(2)), null))
        "session" -> keep((held.getValue(words[1]) as NativeVault).session(text(words[2]), secrets(words.drop(3))))
        "close" -> emptyList<String>().also { held.getValue(words[1]).close() }
        else -> {
            val (name, arguments, given) = Triple(words[2], text(words[3]), secrets(words.drop(4)))
            val reply: Reply = when (val target = held[words[1]]) {
                is NativeVault -> target.call(name, arguments, given)
                is NativeSession -> target.call(name, arguments, given)
                else -> com.pwvault.uniffi.call(name, arguments, given)
            }
            listOf(digits(reply.document.toByteArray())) + reply.secrets.map { digits(it.expose()) }
        }
    }
    Library.check()
    generateSequence(::readlnOrNull).forEach { line ->
        val said = try {
            listOf("ok") + guarded { answer(line.split(' ')) }
        } catch (error: VaultException) {
            val document = mapOf(
                "code" to error.code, "name" to error.name, "message" to error.message, "detail" to error.detail,
            )
            listOf("error", digits(Json.write(document).toByteArray()))
        }
        println(said.joinToString(" "))
        System.out.flush()
    }
}

private fun text(word: String): String = String(bytes(word))

private fun secrets(words: List<String>): List<NativeSecret> = words.map { NativeSecret(bytes(it)) }

private fun bytes(word: String): ByteArray =
    if (word == "-") ByteArray(0) else word.chunked(2).map { it.toInt(16).toByte() }.toByteArray()

private fun digits(bytes: ByteArray): String =
    if (bytes.isEmpty()) "-" else bytes.joinToString("") { "%02x".format(it) }
