// Package collection keeps threat information, STIX objects in collections, and serves it over TAXII 2.1 (OASIS Standard,
// 10 June 2021).
//
// [Open] makes a [Server]; [Server.Routes] puts everything under /taxii2/ behind the node's gate. What comes from
// elsewhere (MISP, lists, reports) goes in with [Server.Add], in the caller's own transaction; who derives something from
// the objects follows them with [Server.After].
//
// Order. Every object of a collection gets a date_added of its own, in microseconds, later than all before: it is taken
// of the collection's row, which the transaction holds until it is committed. So dates become visible in their order, and
// a client that follows only added_after loses nothing, however many add at once.
//
// Durable. A POST is answered once its objects are committed in this store, which is what journalling its envelope would
// give; posts that wait at the same time share a commit.
//
// Fast. Objects lie in blocks, in the order they were added, as the bytes that go out; a page copies them and parses
// nothing. What a query may ask of an object (its version, whether it is the first or last one, its TLP) is decided when
// it is written. Small blocks are put together as more come.
//
// Rights. A [Grant] says what a role, a partner state or one filer may do with a collection, and up to which level of the
// Traffic Light Protocol. What lies above is not there for that user: no page, manifest, version, count or date tells of
// it, and the newest version that he may see is the last one to him. Whatever was granted, TLP:RED leaves neither for a
// partner nor for a filer.
//
// The room knows how objects are told apart and marked (formats/stix), and nothing of what they say.
package collection
