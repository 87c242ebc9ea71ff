package trust

import (
	"slices"
	"time"

	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/lds"
	"github.com/rihla/rihla/formats/mrz"
	"github.com/rihla/rihla/formats/vds"
)

// Chip is what was read of a chip.
type Chip = lds.Chip

// Evidence is what there is of one document; what is not there is empty.
type Evidence struct {
	MRZ  string // the lines as typed or read
	Chip *Chip
	Seal []byte // as the scanner gave it
}

// Verdict is what it all comes to.
type Verdict string

// The verdicts, gravest first.
const (
	Unreadable   Verdict = "unreadable"    // nothing of it could be read
	NotAuthentic Verdict = "not_authentic" // something is not as the state made it
	CannotCheck  Verdict = "cannot_check"
	ReadAgain    Verdict = "read_again" // check digits do not fit, or characters were guessed
	IsExpired    Verdict = "expired"    // its time is over; a zone alone does not say that it is genuine
	Authentic    Verdict = "authentic"  // the state made it
	Consistent   Verdict = "consistent" // a machine-readable zone whose digits fit: nothing speaks against it, and no key for it
)

// Verification is what was found.
type Verification struct {
	Verdict  Verdict     `json:"verdict" enum:"unreadable,not_authentic,cannot_check,expired,read_again,authentic,consistent,stolen"`
	Document *Document   `json:"document,omitempty"`
	MRZ      *Zone       `json:"mrz,omitempty"`
	Chip     *ChipResult `json:"chip,omitempty"`
	Seal     *SealResult `json:"seal,omitempty"`
	Remarks  []Remark    `json:"remarks"`
	List     int64       `json:"list" doc:"The version of the trust list it was checked against"`
}

// Document is whose it is and what, from the chip if that could be read, else from the seal, else from the zone.
type Document struct {
	From        string    `json:"from" enum:"chip,seal,mrz"`
	Kind        mrz.Kind  `json:"kind,omitempty"`
	Type        string    `json:"type,omitempty"`
	Number      string    `json:"number,omitempty"`
	Issuer      string    `json:"issuer,omitempty"`
	Surname     string    `json:"surname,omitempty"`
	Given       string    `json:"given,omitempty"`
	Nationality string    `json:"nationality,omitempty"`
	Born        date.Date `json:"born,omitzero"`
	Sex         string    `json:"sex,omitempty"`
	Expires     date.Date `json:"expires,omitzero"`
}

// Zone is a machine-readable zone as it was read.
type Zone struct {
	Kind        mrz.Kind         `json:"kind"`
	OK          bool             `json:"ok"`
	Checks      []mrz.Check      `json:"checks"`
	Corrections []mrz.Correction `json:"corrections,omitempty"`
	Faults      []Fault          `json:"faults,omitempty"`
	Probable    string           `json:"probable,omitempty" doc:"A document number that differs in one character and whose check digits fit"`
}

// Fault is something wrong with a zone, and where.
type Fault struct {
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Field   string `json:"field,omitempty"`
	Rule    string `json:"rule"`
	Message string `json:"message"`
	Mend    string `json:"mend,omitempty"`
}

// Answers are the separate answers of a check of signatures. One that is missing could not be given; a remark says why.
type Answers struct {
	SignatureOK *bool `json:"signature_ok,omitempty"`
	ChainOK     *bool `json:"chain_ok,omitempty"`
	Revoked     *bool `json:"revoked,omitempty"`
	Expired     *bool `json:"expired,omitempty" doc:"Whether the signer's certificate is valid no more"`

	Country   string    `json:"country,omitempty" doc:"Of the signer's certificate"`
	Signer    string    `json:"signer,omitempty"`
	Serial    string    `json:"serial,omitempty"`
	Authority string    `json:"authority,omitempty"`
	Algorithm string    `json:"algorithm,omitempty"`
	SignedAt  time.Time `json:"signed_at,omitzero" doc:"As the signer says"`
}

// ChipResult is what passive authentication found.
type ChipResult struct {
	HashOK *bool `json:"hash_ok,omitempty"`
	Answers
	Groups []Group `json:"groups"`
	Faces  int     `json:"faces,omitempty"`
}

// Group is a data group and how it compares with what was signed.
type Group struct {
	Number int       `json:"number"`
	State  lds.Match `json:"state" enum:"equal,differs,not_read,not_listed,unsupported"`
}

// SealResult is what a seal says and whether its signer made it.
type SealResult struct {
	Kind vds.Kind `json:"kind" enum:"vds,vds-nc"`
	Type string   `json:"type"`
	Answers
	Issuer string      `json:"issuer,omitempty" doc:"The issuing state"`
	Issued date.Date   `json:"issued,omitzero"`
	Sealed date.Date   `json:"sealed,omitzero"`
	Fields []vds.Field `json:"fields"`
}

// PassiveOK tells that a chip was read and every question about it was answered well: its groups are as they were
// signed, its signer descends from an authority on the list, was not revoked, and neither it nor the document has
// expired.
func (v *Verification) PassiveOK() bool {
	return v.Chip != nil && v.Verdict == Authentic && is(v.Chip.HashOK) && is(v.Chip.SignatureOK) && is(v.Chip.ChainOK)
}

func is(b *bool) bool { return b != nil && *b }

// Documents are the documents that the evidence names, each to be looked for on lists: the one at hand, and of a visa or
// permit the passport that it is bound to.
func (v *Verification) Documents() []Document {
	var all []Document
	if d := v.Document; d != nil && d.Number != "" {
		all = append(all, *d)
	}
	if v.Seal == nil {
		return all
	}
	for _, f := range v.Seal.Fields {
		if (f.Name == "passport_number" || f.Name == "pid.i" || f.Name == "pid.dn") && f.Value != "" && !slices.ContainsFunc(all, func(d Document) bool { return d.Number == f.Value }) {
			all = append(all, Document{From: "seal", Number: f.Value}) // whose it is the seal does not say
		}
	}
	return all
}
