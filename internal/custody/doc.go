// Package custody keeps what is held no longer than it may be held.
//
// A domain says how long it keeps each kind of record and how such records are erased: a [Clock]. [Open] is the one thing to
// call: it sets the clocks going, each once a night and in pages, each page one transaction with its entry in the audit log,
// and shows an auditor what is due, what went and when (GET /api/v1/retention). A node may keep for less than a domain does,
// or for more, but never for longer than the law that the domain names; a setting that asks for it is refused at the start.
//
// With a record go the findings and ties of its subjects, and whatever of a person their cases say; that there was a case,
// how it ended and who decided stays, without the person. The masked copies of the reports that a record came from go by
// the same clock.
//
// The room knows no flight and no waybill: what to erase is the domain's to know.
package custody
