// Package rules evaluates an authority's rules, written in CEL over a typed view that a domain offers.
//
// A rule is a few lines of YAML with its examples beside it: Parse compiles a set of them once, Set.Evaluate asks them
// of one view, and Test runs their examples. What a rule may speak of is the domain's Vocabulary, a Go struct: a field
// that is not there cannot be named, so no rule can look at what may not decide about people.
//
// It must never know what a view means. Evaluation never panics and never runs long: each rule has a cost limit.
package rules
