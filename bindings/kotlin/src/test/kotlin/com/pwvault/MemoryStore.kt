package com.pwvault

import com.pwvault.store.ChangeSet
import com.pwvault.store.Expected
import com.pwvault.store.Page
import com.pwvault.store.Query
import com.pwvault.store.Record
import com.pwvault.store.RecordKey
import com.pwvault.store.Store
import com.pwvault.store.StoreInfo
import com.pwvault.store.Want
import java.util.TreeMap
import java.util.concurrent.locks.ReentrantReadWriteLock
import kotlin.concurrent.read
import kotlin.concurrent.write

/** A store in memory, as a host would write one over its database. */
open class MemoryStore : Store {
    private val records = TreeMap<RecordKey, Record>()
    private val lock = ReentrantReadWriteLock()

    override fun load(keys: List<RecordKey>): List<Record?> = lock.read { keys.map { records[it] } }

    override fun scan(query: Query): Page = lock.read {
        fun key(id: String) = RecordKey(query.vault, query.kind, id)
        val (down, cursor) = query.descending to query.cursor
        val from = cursor?.takeUnless { down } ?: query.from ?: ""
        val to = cursor?.takeIf { down } ?: query.to ?: "~"
        val asked = if (from > to) TreeMap() else records.subMap(key(from), cursor == null || down, key(to), false)
        val rest = (if (down) asked.descendingMap() else asked).values.asSequence()
            .filter { record -> query.labels.all { group -> group.any { record.labels.binarySearch(it) >= 0 } } }
            .iterator()
        val rows = ArrayList<Record>()
        while (rows.size < query.limit && rest.hasNext()) rows.add(rest.next())
        val next = if (rest.hasNext()) rows.last().key.id else null
        when (query.want) {
            Want.COUNT -> Page.Count(rows.size.toLong())
            Want.KEYS -> Page.Keys(rows.map { it.key to it.revision }, next)
            Want.RECORDS -> Page.Records(rows, next)
        }
    }

    override fun commit(changes: ChangeSet): Unit = lock.write {
        val expected = changes.asserts + changes.writes.map { Expected(it.record.key, it.expect) } + changes.deletes
        expected.firstOrNull { records[it.key]?.revision != it.revision }?.let { throw HostException.conflict(it.key) }
        changes.deletes.forEach { records.remove(it.key) }
        changes.writes.forEach { records[it.record.key] = it.record }
    }

    override fun info() = StoreInfo("kotlin", durable = false)
}
