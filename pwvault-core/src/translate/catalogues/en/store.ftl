### Stores.

# StoreError
store-conflict = { $key } is not at the revision expected; read it again and decide anew
store-bad-change-set = the change set is refused for { $key }: { $reason }
store-bad-query = the query is refused: { $reason }
store-too-large = { $what }: { $length } is over the limit of { $max }
store-bad-answer = the store's answer is refused: { $reason }
store-busy = the database stayed locked by another writer for longer than the busy timeout; try again
store-read-only = the database is read-only; the file and its directory must be writable
store-full = the database or its disk is full; make room and try again
store-not-a-store = the file { $path } is no vault store; give the path of a vault store or one where no file is yet
store-no-file = there is no file { $path }; give the path of a vault store, or create one
store-newer-schema = the store has schema { $found }, this library knows schemas up to { $supported }; use a newer library
store-damaged = the database is damaged; restore it from a backup
store-io = the file system failed; see the cause
store-backend = the database failed; see the cause
