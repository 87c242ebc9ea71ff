package agreement

import (
	"fmt"
	"strings"
)

// The codes of problems; they stay for ever.
const (
	CodeSchema        = "E-AGR-SCHEMA"
	CodeParty         = "E-AGR-PARTY"
	CodePurpose       = "E-AGR-PURPOSE"
	CodeField         = "E-AGR-FIELD"
	CodeSensitive     = "E-AGR-SENSITIVE"
	CodeNever         = "E-AGR-NEVER"
	CodeCEL           = "E-AGR-CEL"
	CodeCELType       = "E-AGR-CEL-TYPE"
	CodeCELCost       = "E-AGR-CEL-COST"
	CodeRetentionMax  = "E-AGR-RETENTION-MAX"
	CodeDepersonalise = "E-AGR-DEPERSONALISE"
	CodeAutoRelease   = "E-AGR-AUTO-RELEASE"
	CodeConfirmation  = "E-AGR-CONFIRMATION"
	CodeApproval      = "E-AGR-APPROVAL"
	CodeReply         = "E-AGR-REPLY"
	CodeQuota         = "E-AGR-QUOTA"
	CodeOnward        = "E-AGR-ONWARD"
	CodeTLP           = "E-AGR-TLP"
	CodeDates         = "E-AGR-DATES"
	CodeSignature     = "E-AGR-SIGNATURE"
	CodeDuty          = "E-AGR-DUTY"
	CodeOversight     = "E-AGR-OVERSIGHT"
)

// Problem is one thing that is wrong with a document.
type Problem struct {
	Code        string `json:"code"`
	Path        string `json:"path"`            // shares[2].approval.release
	Share       string `json:"share,omitempty"` // T3
	Line        int    `json:"line"`            // of the value, or of the nearest there is above a missing one; from 1, as Column
	Column      int    `json:"column"`
	Value       string `json:"value,omitempty"` // what stands there
	Limit       string `json:"limit,omitempty"` // what may
	Requirement string `json:"requirement,omitempty"`
	Why         string `json:"why"`
	Mend        string `json:"mend,omitempty"`
	Warning     bool   `json:"warning,omitempty"` // told, but no reason to refuse the document
}

// Problems are all that is wrong with a document, in its order.
type Problems []Problem

// Refused says whether the document is refused: whether any problem is more than a warning.
func (p Problems) Refused() bool {
	for _, one := range p {
		if !one.Warning {
			return true
		}
	}
	return false
}

// Error says all of it, one a line.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, one := range p {
		lines[i] = one.String()
	}
	return strings.Join(lines, "\n")
}

// String is the problem on one line: its place, the share, the code, why, and how to mend it.
func (p Problem) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d:%d: %s", p.Line, p.Column, p.Code)
	if p.Warning {
		b.WriteString(" (warning)")
	}
	if p.Share != "" {
		b.WriteString(" share " + p.Share)
	}
	if p.Path != "" {
		b.WriteString(" at " + p.Path)
	}
	b.WriteString(": " + p.Why)
	if p.Mend != "" {
		b.WriteString("; " + p.Mend)
	}
	if p.Requirement != "" {
		b.WriteString(" (" + p.Requirement + ")")
	}
	return b.String()
}
