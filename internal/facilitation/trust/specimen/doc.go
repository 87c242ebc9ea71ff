// Package specimen makes what no state will lend for tests: an invented state's keys, certificates and revocation list, a
// whole passport chip and seals on its documents, and others with one thing wrong. Utopia (UTO, UT) is Doc 9303's own
// invention for specimens.
//
// Call [New] with a seed: the same seed makes the same bytes. Nothing of it is a secret, and nothing of it may be
// trusted by a node that serves travellers.
package specimen
