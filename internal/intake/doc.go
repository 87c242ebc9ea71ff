// Package intake takes reports in: the gates they come through, the journal that keeps them until they are understood,
// and the store of what was filed.
//
// Journal.Take is the one thing to call: when it returns, the raw bytes, sealed, are on disk, and only then may a gate
// answer its filer yes. The same bytes from the same filer are one report. A journal entry is short-lived: it goes once
// Reports has the report, whose raw copy has its sensitive bytes masked and its unreadable ones in quarantine. Whoever
// asks for a report's state looks in the journal first, then in the store, as Reports.Status does.
//
// Reply is how a filer is answered, in the transaction that causes the answer: it finds it at the HTTP gate, or in its
// outbox. An answer that a filer waits for is kept with its report, and given again to whoever asks the same.
//
// Intake decodes nothing and knows no format and no domain; what happens to a report between Take and Save is
// pipeline's.
package intake
