// Package keys holds the node's master key and everything derived from it or wrapped by it.
//
// [Open] is the one thing to call. [Keys.Seal] and [Keys.Open] keep bytes under a key for each class and day of receipt
// (zstd, then AES-256-GCM); destroying that key with [Keys.Destroy] destroys those bytes everywhere, backups included.
// [Keys.Apart] keeps bytes each under a key of its own, for what must be erasable one by one.
// [Keys.ID] makes the ids that tell nothing: UUIDs of version 8 (RFC 9562) from HMAC-SHA-256 under the node's secret.
//
// The master key is made at the first start, in DIR/keys (mode 0600) or where --key-file says, and lies outside every
// backup. A data key is on disk, wrapped by the master key, before the first bytes it seals are handed out: in DIR/keys
// with the embedded store, in the table keys_data with PostgreSQL. The store keeps the master key's fingerprint, and a
// node with another key does not start.
//
// The room knows nothing of what the bytes mean. It does not protect against a thief who has the whole folder.
package keys
