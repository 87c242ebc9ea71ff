// Package screening compares subjects with lists and rules and explains what it finds.
//
// A Generation is one immutable set of lists and rules; Screener holds the current one, swaps it whole when a list
// or rule changes, and hands it to whoever screens: Generation.Screen takes a Subject and gives Findings, each
// explained. Reading takes no lock. Engines live in the rooms beside it: names, lists, rules, links.
//
// It must never know a domain: no flight, no waybill, no account, only subjects, ties and views.
package screening
