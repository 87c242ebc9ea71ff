// Package store opens the one database that holds everything that must last: embedded SQLite, or PostgreSQL.
//
// [Open] is the one thing to call. Rooms then read through [Store.Read] or [Store.Snapshot], and write through
// [Store.Write], which is the only way to change a row. When Write returns nil, everything its closure did is on disk
// (SQLite: WAL with synchronous=FULL; PostgreSQL: its own commit); when it returns an error, nothing of it happened.
//
// One SQL text serves both stores: $1 placeholders, the types BIGINT, TEXT, BYTEA and BOOLEAN, many rows a statement
// (see [Insert], [ForKeys]). Transactions are serialisable on both, and a closure is run again, whole, when the store
// says that two of them met (40001, 40P01, SQLITE_BUSY). What differs between the two lies in dialect.go.
//
// The room knows no table but its own two (counters and leases), and nothing of what others keep in theirs.
package store
