package com.pwvault

import com.pwvault.model.Count
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.util.concurrent.Callable
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Executors

/** Any thread may call at any time, and close too. */
class ThreadsTest {
    private fun <T> onThreads(count: Int, work: (Int) -> T): List<T> {
        val pool = Executors.newFixedThreadPool(count)
        try {
            return pool.invokeAll((0 until count).map { Callable { work(it) } }).map { it.get() }
        } finally {
            pool.shutdownNow()
        }
    }

    @Test
    fun `several threads share one session`() {
        Vault.open(options()).use { vault ->
            vault.staff().use { staff ->
                val right = onThreads(8) { thread ->
                    (1..10).count { staff.reveal(staff.add("$thread $it", "secret $thread $it")).password.exposeText() == "secret $thread $it" }
                }
                assertEquals(80, right.sum())
                assertEquals(Count.Exactly(80), staff.countEntries())
            }
        }
    }

    @Test
    fun `a session that is closed in between ends every later call`() {
        Vault.open(options()).use { vault ->
            val staff = vault.staff()
            val id = staff.add("Router")
            val running = CountDownLatch(4)
            val ends = onThreads(5) { thread ->
                if (thread == 4) {
                    running.await()
                    staff.close()
                    return@onThreads InvalidHandleException::class
                }
                var calls = 0
                try {
                    while (true) {
                        staff.entry(id)
                        if (calls++ == 0) running.countDown()
                    }
                    @Suppress("UNREACHABLE_CODE")
                    null
                } catch (error: VaultException) {
                    error::class
                }
            }
            assertTrue(ends.all { it == InvalidHandleException::class }, "$ends")
        }
    }
}
