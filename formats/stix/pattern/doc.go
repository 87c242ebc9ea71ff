// Package pattern reads, writes and evaluates the patterning language of STIX 2.1 (section 9 of the standard).
//
// Call Parse: it answers the pattern's tree, or an Error with the column at which it cannot be read on. Atoms are the
// plain equalities in it, Index those of them without which it never matches; a pattern that is one equality is Atomic.
// Match evaluates a pattern over observations. What cannot be evaluated here (a PCRE that RE2 does not have) is in
// Unsupported, and Match then says Undecided and not false.
//
// A pattern comes from outside: its length, its depth and the work of evaluating it are bounded. The package knows
// nothing of indicators, bundles or time but what the pattern and the observations say.
package pattern

// MaxLength is how many bytes a pattern may have, MaxDepth how deep its brackets may nest.
const (
	MaxLength = 64 << 10
	MaxDepth  = 64
)
