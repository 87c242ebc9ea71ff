// Package rules evaluates an authority's rules, written in CEL over a typed view that a domain offers.
//
// A rule is a few lines of YAML with its examples beside it: Parse compiles a set of them once, Set.Evaluate asks them
// of one view, and Set.Test runs their examples. What a rule may speak of is the domain's Vocabulary, a Go struct: a field
// that is not there cannot be named, so no rule can look at what may not decide about people. A set finds the few rules
// that may hold of a view by what must be so for them to hold (index.go, necessary.go) and evaluates only those.
//
// For whoever writes a rule, Check tells what is wrong with it and where, Describe what there is to speak of, and a
// Builder takes a condition apart into groups of tests and puts it together again.
//
// It must never know what a view means. Evaluation never panics and never runs long: each rule has a cost limit.
package rules
