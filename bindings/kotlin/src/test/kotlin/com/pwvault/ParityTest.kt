package com.pwvault

import com.pwvault.wire.Json
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import java.lang.reflect.InvocationTargetException
import java.lang.reflect.Modifier
import java.nio.file.Files
import java.nio.file.Path
import java.time.Instant

/**
 * Calls every operation by its typed method with the least there can be, and sees an answer or an exception of the
 * library. What was reached is written to target/parity/kotlin.txt, from which docs/parity.md is made.
 */
internal class ParityTest {
    @Test
    fun `every operation reaches the library`() {
        val top = Path.of("").toAbsolutePath().let { if (it.endsWith("kotlin")) it.parent.parent else it }
        val described = Json.read(Files.readString(top.resolve("bindings/operations.json"))) as Map<*, *>
        val reached = StringBuilder()
        val missing = mutableListOf<String>()
        Vault.open(options()).use { vault ->
            vault.staff().use { session ->
                val targets = mapOf("vault" to vault, "session" to session, "library" to Library)
                for (one in described["operations"] as List<*>) {
                    val (on, name) = (one as Map<*, *>).let { it["on"] as String to it["name"] as String }
                    val problem = problem(targets.getValue(on), METHODS[name] ?: camel(name))
                    if (problem == null) reached.append("$on.$name\n") else missing.add("$on.$name: $problem")
                }
            }
        }
        assertEquals(emptyList<String>(), missing)
        val folder = Files.createDirectories(top.resolve("target/parity"))
        Files.writeString(folder.resolve("kotlin.txt"), reached)
    }

    /** What stands in the way of a method, if anything does. */
    private fun problem(target: Any, name: String): String? {
        val method = target.javaClass.methods.firstOrNull { it.name == name && !Modifier.isStatic(it.modifiers) }
            ?: return "no method $name"
        return try {
            method.invoke(target, *method.parameterTypes.map(::least).toTypedArray())
            null
        } catch (error: InvocationTargetException) {
            when (val cause = error.cause) {
                is UnknownOperationException, is InternalException, is LibraryException -> cause.toString()
                is VaultException -> null
                else -> cause.toString()
            }
        }
    }

    /** The least value of a class. */
    private fun least(of: Class<*>): Any? = when {
        of == String::class.java -> "x"
        of == Int::class.java || of == Int::class.javaObjectType -> 1
        of == Long::class.java || of == Long::class.javaObjectType -> 1L
        of == Double::class.java -> 1.0
        of == Boolean::class.java || of == Boolean::class.javaObjectType -> false
        of == ByteArray::class.java -> ByteArray(0)
        of == Instant::class.java -> Instant.EPOCH
        of == Secret::class.java -> Secret.of("x")
        of == Map::class.java -> emptyMap<String, Any>()
        of.isAssignableFrom(List::class.java) -> emptyList<Any>()
        of.isEnum -> of.enumConstants[0]
        of.isInterface || Modifier.isAbstract(of.modifiers) -> least(of.declaredClasses.first { of.isAssignableFrom(it) })
        else -> made(of)
    }

    private fun made(of: Class<*>): Any {
        of.declaredFields.firstOrNull { it.name == "INSTANCE" }?.let { return it.get(null) }
        val whole = of.constructors.filter { one -> one.parameterTypes.none { it.simpleName == "DefaultConstructorMarker" } }
            .maxBy { it.parameterCount }
        return whole.newInstance(*whole.parameterTypes.map(::least).toTypedArray())
    }

    private fun camel(name: String): String =
        name.split('_').mapIndexed { place, part -> if (place == 0) part else part.replaceFirstChar(Char::uppercase) }.joinToString("")

    private companion object {
        /** Methods with another name than their operation. */
        val METHODS = mapOf("import" to "importFile")
    }
}
