package funds

import (
	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/money"
)

// Report is a suspicious-transaction or activity report as a whole.
type Report struct {
	Code         string        `json:"code"`
	Reference    string        `json:"reference"`
	Corrects     string        `json:"corrects,omitempty"`
	Submitted    string        `json:"submitted,omitempty"` // wall clock of the filer
	Currency     string        `json:"currency"`
	Reason       string        `json:"reason,omitempty"`
	Action       string        `json:"action,omitempty"`
	Indicators   []string      `json:"indicators,omitempty"`
	Transactions []string      `json:"transactions,omitempty"` // ids of entries
	Total        money.Decimal `json:"total,omitzero"`         // of them, in the report's currency
	Stage        string        `json:"stage" enum:"accepted,business,schema"`
	Faults       []fault.Fault `json:"faults,omitempty"`
	Story        string        `json:"story,omitempty"` // digest of the reason: one text for equal stories
	Suspects     []string      `json:"suspects,omitempty"`
}
