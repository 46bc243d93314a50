### The audit log.

# AuditError
audit-damaged = the audit event at { $at } is not what was written; verify the log
audit-truncated = audit shard { $shard } has { $size } events where at least { $known } were known; verify the log
audit-rewritten = audit shard { $shard } is not the log whose head was kept at size { $size }; verify the log
audit-no-such-shard = there is no audit shard { $shard }; the vault has { $shards }, counted from 0
audit-wrong-shard = the event belongs to audit shard { $right }; the tail is of shard { $shard }
audit-bad-checkpoint = not a checkpoint of this vault: { $reason }
audit-damaged-checkpoint = the checkpoint record { $id } is not what was written; verify the log
audit-damaged-tombstone = the tombstone record { $id } is not what was written; verify the log
audit-too-damaged = more than { $limit } events at the end of audit shard { $shard } are damaged; restore them from a backup
audit-bad-cursor = not a cursor of this log; begin again without one
audit-stale-keyring = the keyring was changed; load it again

# CheckpointSinkError
audit-checkpoint-not-kept = the checkpoint was not kept: { $reason }

# Witness
audit-witness-stored = a checkpoint in the same store
audit-witness-head = a head kept outside the database
audit-witness-exported = a checkpoint kept outside the database

# Finding
audit-finding-changed = the event at { $at } was changed
audit-finding-reordered = the event at { $at } belongs at { $belongs }, where it is missing
audit-finding-inserted = a record that was never written there stands at { $at }
audit-finding-copied = a copy of the event at { $original } stands at { $at }
audit-finding-removed = shard { $shard }: the events from { $from } up to { $to } are gone
audit-finding-put-back = the event at { $at } was removed, as its tombstone says, and is there again
audit-finding-broken-chain = the event at { $at } does not follow on the one before it
audit-finding-stray = { $key } lies outside every shard
audit-finding-checkpoint-changed = shard { $shard }: the checkpoint at size { $size } was changed
audit-finding-root-mismatch = shard { $shard }: up to size { $size } it is not the log that { $witness } speaks of
audit-finding-truncated = shard { $shard }: { $size } events are left of at least { $known } that { $witness } speaks of
audit-finding-record-changed = { $key } was changed
audit-finding-rolled-back = { $key } is at revision { $stored }; by the log it is at { $logged }
audit-finding-hidden = { $key } is gone without an event; by the log it is at revision { $logged }
audit-finding-resurrected = { $key } is there at revision { $stored }, though the log says it was deleted
audit-finding-never-logged = { $key } is there at revision { $stored }, and no event speaks of it
audit-finding-unlogged = { $key } is at revision { $stored }, of which no event speaks; by the log it is at { $logged }
audit-finding-substituted = { $key } is at the revision the log tells, { $revision }, but is not the record it tells of
audit-finding-forked = { $key } was changed on the basis of another state than the log tells of
