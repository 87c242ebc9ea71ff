// Package intake takes reports in: gates through which they come, and the journal that keeps them.
//
// Journal.Take is the one thing to call: when it returns, the raw bytes, sealed, are on disk, and only then may a
// gate answer its filer yes. The same bytes from the same filer are one report. Intake decodes nothing and knows no
// format and no domain; what happens to a report afterwards is pipeline's.
package intake
