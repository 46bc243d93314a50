package com.pwvault.store

import com.pwvault.model.VaultId
import com.pwvault.wire.At
import com.pwvault.wire.Out

internal fun readKey(at: At) = RecordKey(VaultId(at["vault"].text()), at["kind"].int(), at["id"].text())

internal fun writeKey(key: RecordKey): Map<String, Any?> =
    mapOf("vault" to key.vault.value, "kind" to key.kind, "id" to key.id)

internal fun Out.load(store: Store, at: At): Any {
    val keys = at["keys"].list(::readKey)
    val records = store.load(keys)
    return only("records", records.map { one -> one?.let { put(it) } })
}

internal fun Out.scan(store: Store, at: At): Any {
    val page = store.scan(readQuery(at["query"]))
    val rows = when (page) {
        is Page.Keys -> case("keys", page.rows.map { (key, revision) -> listOf(writeKey(key), revision) })
        is Page.Records -> case("records", page.rows.map { put(it) })
        is Page.Count -> case("count", page.count)
    }
    return only("rows", rows) + only("next", page.next)
}

internal fun Out.commit(store: Store, at: At): Any {
    val changes = at["changes"]
    store.commit(
        ChangeSet(
            writes = changes["writes"].list { Write(readRecord(it["record"]), readExpect(it["expect"])) },
            deletes = changes["deletes"].list { Expected(readKey(it[0]), it[1].revision()) },
            asserts = changes["asserts"].list { Expected(readKey(it[0]), readExpect(it[1])) },
        ),
    )
    return only("committed", true)
}

internal fun Out.info(store: Store): Any {
    val info = store.info()
    return record(
        "backend" to info.backend,
        "schema" to info.schema,
        "durable" to info.durable,
        "parallel_commits" to info.parallelCommits,
    )
}

private fun readQuery(at: At) = Query(
    vault = VaultId(at["vault"].text()),
    kind = at["kind"].int(),
    labels = at["labels"].list { group -> group.list { it.text() } },
    from = at["from"].maybe { it.text() },
    to = at["to"].maybe { it.text() },
    descending = at["order"].text() == "descending",
    limit = at["limit"].long().coerceAtMost(Int.MAX_VALUE.toLong()).toInt(),
    cursor = at["cursor"].maybe { it.text() },
    want = Want.valueOf(at["want"].text().uppercase()),
)

private fun readRecord(at: At) =
    Record(readKey(at["key"]), at["revision"].long(), at["labels"].list { it.text() }, at["body"].payload())

private fun Out.put(record: Record): Any = record(
    "key" to writeKey(record.key),
    "revision" to record.revision,
    "labels" to record.labels,
    "body" to payload(record.body),
)

/** `"absent"`, or the revision under `revision`. */
private fun readExpect(at: At): Long? = if (at.case() == "absent") null else at["revision"].revision()
