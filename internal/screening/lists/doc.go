// Package lists reads watch lists, whoever publishes them, into one kind of Entry.
//
// Call Read with the files as they came; the format is recognised by content, never by name. It reads OFAC's published
// CSV (sdn.csv, with alt.csv, add.csv and sdn_comments.csv beside it), a state's own list in CSV or JSON, a plain CSV of
// names, and a CSV of lost and stolen documents. Nothing a publisher wrote is thrown away: what has no field here is
// kept as a note on its entry. An error says which line and field, by which rule, and how to mend it.
//
// It must never know who is compared with a list, nor where a list is kept: bytes in, entries out.
package lists
