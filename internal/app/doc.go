// Package app puts the house together: it opens every room on one store, hands each what it stands on, and lists the
// domains by name, in one place.
//
// Open makes a Node and Node.Run lives it; serve, demo, bench and the tests start that same Node. Commands that work
// beside a running node, or before its first start, open only the rooms they need with Beside.
//
// It is the one room that may import every other, and it decides nothing but who meets whom.
package app
