package facilitation

import (
	"slices"

	"github.com/rihla/rihla/internal/screening"
)

// What this room finds of an applicant by itself. None of it is a likeness: each is a reason for a person to look.
const (
	CodeDeclared      = "application_declared"  // a question was answered with yes
	CodeDuplicate     = "application_duplicate" // the same person applied with another document, or twice
	CodeRefusedBefore = "application_refused_before"
	CodeChip          = "application_chip"         // the chip was read and is not what its issuer wrote
	CodeNotGreen      = "partner_not_green"        // the applicant's own state says so, and gives no reason: this state looks
	CodeUnable        = "partner_unable"           // or cannot say
	CodeOverdue       = "application_overdue"      // nobody has acted in time
	CodeDocumentShort = "application_document_end" // the document expires too soon
)

// The reasons for which no rule grants, as an authorisation's page has them.
const (
	ReasonDeclared  = "DECLARATION_YES"
	ReasonName      = "NAME_FINDING_OPEN"
	ReasonDocument  = "DOCUMENT_FINDING_OPEN"
	ReasonRule      = "RULE_FINDING_OPEN"
	ReasonFinding   = "FINDING_OPEN"
	ReasonDuplicate = "DUPLICATE"
	ReasonRefused   = "REFUSED_BEFORE"
	ReasonChip      = "CHIP_NOT_GENUINE"
	ReasonShort     = "DOCUMENT_EXPIRES_SOON"
	ReasonNotGreen  = "PARTNER_NOT_GREEN"
)

// doubtful are the findings that stand for a reason.
var doubtful = []struct {
	reason, code string
	severity     screening.Severity
}{
	{ReasonDeclared, CodeDeclared, screening.Medium},
	{ReasonDuplicate, CodeDuplicate, screening.Medium},
	{ReasonRefused, CodeRefusedBefore, screening.Medium},
	{ReasonChip, CodeChip, screening.High},
	{ReasonShort, CodeDocumentShort, screening.Low},
}

// found is what this room finds of an application as it stands: while it has not been decided.
func (a *Application) found() (out []screening.Finding) {
	say := func(code string, severity screening.Severity, subject string) {
		out = append(out, screening.Finding{
			Subject: screening.ID(a.ID), Engine: Engine, Matched: code, Severity: severity, Explanation: screening.Explanation{Code: code, Subject: subject},
		})
	}
	switch a.State {
	case Submitted, InCheck, Partner, Approved, Booked, Enrolled, Pending, InReview:
	default:
		return nil
	}
	if a.Kind == Redress || a.Kind == Vetting || a.State == InReview { // what a review is about was decided upon once
		if a.Overdue {
			say(CodeOverdue, screening.Low, "")
		}
		return out
	}
	for _, o := range doubtful {
		if slices.Contains(a.Reasons, o.reason) {
			subject := ""
			if o.code == CodeDeclared {
				subject = joined(a.Form.Declarations.Yes())
			}
			say(o.code, o.severity, subject)
		}
	}
	if a.Overdue {
		say(CodeOverdue, screening.Low, "")
	}
	if a.Asked != nil && a.State == Partner {
		switch a.Asked.Outcome {
		case "not_green":
			say(CodeNotGreen, screening.Medium, a.Asked.Reference)
		case "unable":
			say(CodeUnable, screening.Low, a.Asked.Reference)
		}
	}
	return out
}

// reasonOf is why a finding keeps a rule from granting.
func reasonOf(f *screening.Finding) string {
	for _, o := range doubtful {
		if f.Engine == Engine && f.Explanation.Code == o.code {
			return o.reason
		}
	}
	switch f.Engine {
	case screening.EngineName:
		return ReasonName
	case screening.EngineDocument:
		return ReasonDocument
	case screening.EngineRule:
		return ReasonRule
	}
	return ReasonFinding
}

func joined(words []string) string {
	text := ""
	for i, w := range words {
		if i > 0 {
			text += ", "
		}
		text += w
	}
	return text
}
