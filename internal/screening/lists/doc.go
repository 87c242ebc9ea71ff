// Package lists reads watch lists, whoever publishes them, into one kind of Entry.
//
// Call Read with the files as they came; the format is recognised by content, never by name:
//
//	ofac           OFAC's CSV: sdn.csv or cons_prim.csv, with its alt, add and comments files beside it
//	ofac-xml       the same as XML (sdn.xml, consolidated.xml), which tells weak aliases apart
//	un-xml         the UN Security Council's consolidated list
//	eu-xml eu-csv  the EU's financial sanctions files (FSF) 1.1
//	uk-csv         OFSI's ConList, and the UK Sanctions List
//	ftm-json       FollowTheMoney, JSON lines
//	national-csv   a state's own list, names in Arabic first; national-json with versions and changes
//	names-csv      a plain table of names, commas, semicolons or tabs between
//	documents-csv  lost and stolen documents
//
// A list is read whole or refused: an error says which line and field, by which rule, and how to mend it. Nothing a
// publisher wrote is thrown away: what has no field here is kept as a note on its entry. A publisher's value that cannot
// be understood is kept so too, and told as a warning; in a state's own list it is an error, for its owner can mend it.
//
// It must never know who is compared with a list, nor where a list is kept: bytes in, entries out.
package lists
