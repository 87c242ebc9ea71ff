package funds

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/internal/intake"
)

// Receipt is what a filer is told: that its report is held, how far it passed, what to mend and whom to call. It is the
// same whatever the unit thinks of it, or of anybody in it: a filer who could tell would tip somebody off.
type Receipt struct {
	Report   string        `json:"report"` // the filed report
	SHA256   string        `json:"sha256"`
	Received time.Time     `json:"received_at"`
	Items    []ReceiptItem `json:"items"`
	Call     string        `json:"call"`
}

// ReceiptItem is one thing the report told of.
type ReceiptItem struct {
	Kind   Kind          `json:"kind"`
	Ref    string        `json:"ref"`
	Stage  []Passed      `json:"stages"`
	Faults []fault.Fault `json:"faults,omitempty"`
}

// Passed is one stage of checking.
type Passed struct {
	Stage  string `json:"stage" enum:"received,schema,business"`
	Passed bool   `json:"passed"`
}

// mostReceipted are the things that one receipt lists; a file of payments is counted, not listed.
const mostReceipted = 200

// receipts makes the answer to the filer. Its id is of what it answers, so that planning again says it once.
func (c *change) receipts(heard []*Entry) {
	r := Receipt{Report: c.report.ID, SHA256: c.report.SHA256, Received: c.report.Received.UTC(), Call: c.domain.settings.Contact}
	about := ""
	for _, e := range heard {
		if e.Kind != Declared && e.Kind != Reported {
			continue
		}
		if about = e.Ref; len(r.Items) == mostReceipted {
			break
		}
		item := ReceiptItem{Kind: e.Kind, Ref: e.Ref, Stage: []Passed{{"received", true}, {"schema", true}, {"business", e.State != Refused}}}
		switch {
		case e.Report != nil:
			item.Faults = slices.Clone(e.Report.Faults)
			if e.Clock.Rank == rankFirst && slices.Contains(c.outdated, e.ID) {
				item.Stage[2].Passed = false
				item.Faults = append(item.Faults, earlier(e))
			}
		case e.Declaration != nil:
			item.Faults = e.Declaration.Warnings
		}
		r.Items = append(r.Items, item)
	}
	if len(r.Items) == 0 || c.report.Gate == deskGate {
		return
	}
	body, err := json.MarshalIndent(r, "", "  ")
	if err != nil { // texts, numbers and times have always a JSON text
		return
	}
	if len(r.Items) > 1 {
		about = ""
	}
	c.answers = append(c.answers, intake.Answer{
		ID: c.domain.ids.ID("funds-receipt", c.report.ID), Domain: Name, Filer: c.report.Filer.Name, Report: c.report.ID, About: about,
		Kind: "receipt", Media: "application/json", Name: "receipt-" + c.report.ID + ".json", Body: body,
	})
}
