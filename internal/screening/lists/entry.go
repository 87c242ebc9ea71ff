package lists

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
)

// Entry is one listed person, organisation, thing or document, whatever its publisher's format.
type Entry struct {
	ID           string       `json:"id"`     // the publisher's own, never ours if there is one
	Schema       string       `json:"schema"` // Person, Organization, Vessel, Airplane, Document
	Names        []Name       `json:"names,omitempty"`
	Births       []string     `json:"births,omitempty"` // YYYY, YYYY-MM, YYYY-MM-DD; ~ in front: about; YYYY/YYYY: between
	Sex          string       `json:"sex,omitempty"`    // M, F, X; absent is unknown
	Countries    []Country    `json:"countries,omitempty"`
	Documents    []Document   `json:"documents,omitempty"`
	Identifiers  []Identifier `json:"identifiers,omitempty"`
	Topics       []string     `json:"topics,omitempty"`      // why listed, by kind: sanction, wanted, travel ban …
	Programmes   []string     `json:"programmes,omitempty"`  // and under which measure
	Reason       string       `json:"reason,omitempty"`      // as the owner wrote it
	Instruction  string       `json:"instruction,omitempty"` // what the officer does
	Basis        string       `json:"basis,omitempty"`       // the law it is listed under
	Owner        string       `json:"owner,omitempty"`
	Review       string       `json:"review,omitempty"`        // the day it is looked at again
	From         string       `json:"from,omitempty"`          // the first day it holds
	Until        string       `json:"until,omitempty"`         // and the last
	Notes        []string     `json:"notes,omitempty"`         // what was kept as text, or not understood
	DocumentOnly bool         `json:"document_only,omitempty"` // the name is a victim's or too common: only the document speaks
	Line         int          `json:"line,omitempty"`          // where in its file it stands
}

// Name is one name of an entry in one script, its text as printed.
type Name struct {
	Text    string `json:"text"`
	Surname string `json:"surname,omitempty"` // where the publisher tells them apart
	Given   string `json:"given,omitempty"`
	Kind    string `json:"kind"`           // primary, alias, former
	Weak    bool   `json:"weak,omitempty"` // a nickname, or of low quality: never enough on its own
}

// Country is a country with the part it plays: nationality, birth, residence.
type Country struct {
	Code string `json:"code"` // ISO 3166-1 alpha-3 where it is known, else as printed
	Role string `json:"role"`
}

// Document is a travel or identity document, its number as printed.
type Document struct {
	Type     string `json:"type"` // P passport, I identity card, V visa; else as printed
	Number   string `json:"number"`
	Issuer   string `json:"issuer,omitempty"`
	Expires  string `json:"expires,omitempty"`
	Status   string `json:"status,omitempty"` // stolen, lost, revoked, false; absent: it belongs to who is listed
	Reported string `json:"reported,omitempty"`
}

// Identifier is a number that is no document: of a ship, a company, a wallet.
type Identifier struct {
	Kind  string `json:"kind"`
	Value string `json:"value"`
}

// Hash is what a decision "not the same person" holds on: it changes when names, births, sex, countries or documents
// do, and not with a comment.
func (e *Entry) Hash() string {
	material, err := json.Marshal([]any{e.Schema, e.Names, e.Births, e.Sex, e.Countries, e.Documents})
	if err != nil {
		return ""
	}
	h := sha256.Sum256(material)
	return hex.EncodeToString(h[:12])
}

// Digest changes with anything the entry says; its line in the file does not count.
func (e *Entry) Digest() string {
	c := *e
	c.Line = 0
	whole, err := json.Marshal(&c)
	if err != nil {
		return ""
	}
	h := sha256.Sum256(whole)
	return hex.EncodeToString(h[:12])
}
