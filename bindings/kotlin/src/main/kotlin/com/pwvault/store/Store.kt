package com.pwvault.store

import com.pwvault.HostException
import com.pwvault.model.VaultId

/**
 * A database of records, as a host keeps one over its own database layer.
 *
 * **Contract.**
 * - Every method may be called from several threads at once. A store calls nothing back.
 * - Each call sees one consistent snapshot: all of a commit or nothing of it.
 * - A commit that returned is seen by every later call, from every process.
 * - Vaults are separate: no call for one vault sees or changes a record of another.
 * - A store keeps bodies and labels byte for byte and reads nothing out of them.
 * - After a failure other than [HostException.conflict], a commit may have happened or not, but never in part.
 *
 * `Conformance.check` says what is wrong with one. Whatever a method throws that is no [HostException] counts as a failure of
 * the database.
 */
public interface Store {
    /** Reads records by key, in the order asked; absent ones as null. A key asked twice is answered twice. */
    public fun load(keys: List<RecordKey>): List<Record?>

    /**
     * Reads one page of the records of a kind, by id.
     *
     * A page holds at most [Query.limit] rows. It may hold fewer while [Page.next] is set, but then holds at least one.
     * Following it to its end gives every record that was there throughout exactly once.
     */
    public fun scan(query: Query): Page

    /**
     * Applies all of a change set or nothing of it.
     *
     * Every expectation is compared with the state before the change set. Asserted records must stay as expected until the
     * commit is done: a store under which another writer could slip in between locks them.
     *
     * @throws HostException [HostException.conflict] with the first key that differs: asserts, then writes, then deletes, each
     * in the order given.
     */
    public fun commit(changes: ChangeSet)

    /** What the store is and can do. */
    public fun info(): StoreInfo
}

/** What a store says of itself. */
public data class StoreInfo @JvmOverloads constructor(
    /** Name of the backend, such as `postgres`. */
    val backend: String,
    /** Version of the schema the store works with. */
    val schema: Int = 1,
    /** Whether a commit that returned survives the end of the process and of power. */
    val durable: Boolean,
    /** Whether commits that touch different records can run at the same time. */
    val parallelCommits: Boolean = false,
)

/** The name of a record. Ordered by vault, then kind, then id. */
public data class RecordKey(
    /** The vault it belongs to. */
    val vault: VaultId,
    /** What it is: 1 to 255. */
    val kind: Int,
    /** Its id among the records of its kind: 32 hexadecimal digits in lower case, ordered as text. */
    val id: String,
) : Comparable<RecordKey> {
    override fun compareTo(other: RecordKey): Int =
        compareValuesBy(this, other, { it.vault.value }, RecordKey::kind, RecordKey::id)
}

/** A record as it is stored. */
public class Record(
    /** Its name. */
    public val key: RecordKey,
    /** Counts its writes: 1 when it is made, one more with every change. */
    public val revision: Long,
    /** What it can be found by: 32 hexadecimal digits in lower case each; sorted and distinct, at most 2,048. */
    public val labels: List<String>,
    /** Opaque bytes, at most 4 MiB. */
    public val body: ByteArray,
) {
    override fun equals(other: Any?): Boolean = other is Record && other.key == key && other.revision == revision &&
        other.labels == labels && other.body.contentEquals(body)

    override fun hashCode(): Int = key.hashCode() * 31 + revision.hashCode()

    override fun toString(): String = "Record(key=$key, revision=$revision, labels=${labels.size}, body=${body.size} bytes)"
}

/** Asks for records of one kind in one vault. */
public data class Query(
    /** The vault. */
    val vault: VaultId,
    /** The kind. */
    val kind: Int,
    /** A record matches if of every group it has at least one label. No group: all match. An empty group: none match. */
    val labels: List<List<String>>,
    /** The lowest id, inclusive. */
    val from: String?,
    /** The highest id, exclusive. */
    val to: String?,
    /** Whether the highest id comes first. */
    val descending: Boolean,
    /** The most rows of the page, or the number a count stops at; at least 1. */
    val limit: Int,
    /** The last id of the page before; rows after it in the order asked are given. */
    val cursor: String?,
    /** What the page holds. */
    val want: Want,
)

/** What a page holds. */
public enum class Want {
    /** Keys with revisions. */
    KEYS,

    /** Whole records. */
    RECORDS,

    /** Only how many there are, counted up to the limit. */
    COUNT,
}

/** The answer to a query, in the form it wanted. */
public sealed interface Page {
    /** The last id of this page when rows follow it; null at the end, and always with a count. */
    public val next: String?

    /** Keys with revisions. */
    public data class Keys(val rows: List<Pair<RecordKey, Long>>, override val next: String?) : Page

    /** Whole records. */
    public data class Records(val rows: List<Record>, override val next: String?) : Page

    /** How many match, counted up to the limit. */
    public data class Count(val count: Long) : Page {
        override val next: String? get() = null
    }
}

/** Changes that land together or not at all. Applies only if every expectation holds. */
public data class ChangeSet(
    /** Records to write; body and labels replace the old ones. */
    val writes: List<Write>,
    /** Records to remove, with the revision they must be at. A record made again later starts at revision 1. */
    val deletes: List<Expected>,
    /** Records that are relied on and not changed. */
    val asserts: List<Expected>,
)

/** One record to be written. */
public data class Write(
    /** The record as it shall be, at its new revision. */
    val record: Record,
    /** The revision before; null when there must be no such record. */
    val expect: Long?,
)

/** A record and the state it must be in. */
public data class Expected(
    /** Which record. */
    val key: RecordKey,
    /** Its revision; null when there must be no such record. */
    val revision: Long?,
)
