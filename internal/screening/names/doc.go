// Package names says how likely it is that two names, with what else is known of their bearers, are one person.
//
// Build makes an immutable Index of listed people; Index.Match compares one traveller with all of them and gives the
// few that may be the same, each with a probability-like score and the reasons for it. Nothing here reads a disk, a
// clock or a network, and nothing locks: any number of goroutines match against one Index.
//
// How it goes: a name becomes words (normalise.go, script.go, tokens.go); a word has forms, each a consonant skeleton with
// the vowels between (skeleton.go, arabic.go), so that every Latin spelling of an Arabic name, and the Arabic itself, meet
// in one key; the dictionary finds the listed words that a traveller's resemble, exactly, by key and within one edit
// (dictionary.go); what is known of birth (stretches.go), and of which classes a name's words are (signature.go), says which
// names are worth comparing (candidates.go); these are aligned without regard to order (align.go) and weighed
// together with dates, countries, sex and documents as log-odds (score.go), after Fellegi and Sunter.
//
// It must never know what a list, a traveller or a flight is, and it never guesses, keeps or uses a person's culture:
// all rules apply to every name.
package names
