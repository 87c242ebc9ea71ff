package travel

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/cusres"
	"github.com/rihla/rihla/formats/edifact"
	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/paxlst"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// Answer is the CUSRES to an interactive passenger list: one result a person, in the order of the question. Nothing in it
// tells why: no list, no case, no reason.
func (d *Domain) Answer(ctx context.Context, r store.Reader, a pipeline.Asked) ([]byte, error) {
	if !(paxlstFormat{}).Interactive(a.Raw[:min(len(a.Raw), headBytes)]) || a.Format != (paxlstFormat{}).Name() {
		return nil, nil
	}
	var out []byte
	for _, f := range a.Fallen {
		out = cusres.Append(out, rejection(a.Raw, f.Err, a.At))
	}
	if a.Refused != nil {
		return cusres.Append(out, rejection(a.Raw, a.Refused, a.At)), nil
	}
	c, planned := a.Change.(*change)
	if !planned {
		return out, nil
	}
	for i := range a.Messages {
		m, ok := a.Messages[i].Body.(*paxlst.Message)
		if !ok {
			continue
		}
		answer := cusres.Answer(m, a.At)
		if err := d.answerEach(ctx, r, a, c, m, answer); err != nil {
			return nil, err
		}
		out = cusres.Append(out, answer)
	}
	return out, nil
}

// headBytes are what tells a question.
const headBytes = 64 << 10

// answerEach decides every result of an answer.
func (d *Domain) answerEach(ctx context.Context, r store.Reader, a pipeline.Asked, c *change, m *paxlst.Message, answer *cusres.Message) error {
	_, _, rank := listMeaning(m)
	switch {
	case m.Code == "266", len(m.Passengers) == 0:
		answer.Results = []cusres.Result{{Level: cusres.OfMessage, Decision: cusres.Accepted}}
		return nil
	case rank == rankCancel:
		for i := range answer.Results {
			answer.Results[i].Decision = cusres.OK
		}
		return nil
	}
	of := c.owners(hearAPI(d.ids, a.Report, m).records)
	people, err := d.knownOf(ctx, r, a, c, of)
	if err != nil {
		return err
	}
	for i := range answer.Results {
		result := &answer.Results[i]
		var missing []string
		result.Decision, missing = judge(&m.Passengers[i], people[of[i]])
		result.Text = d.word(result.Decision, missing)
	}
	return nil
}

// word is what the carrier's agent reads.
func (d *Domain) word(decision cusres.Decision, missing []string) string {
	switch decision {
	case cusres.OK:
		return "OK TO BOARD"
	case cusres.Insufficient:
		return "INSUFFICIENT DATA. SEND " + strings.Join(missing, ", ")
	case cusres.DoNotBoard:
		return "DO NOT BOARD. CALL " + d.desk
	default:
		return "NOT CLEARED. CALL " + d.desk
	}
}

// owners are the passengers that records belong to once the change is written.
func (c *change) owners(records []Record) []screening.ID {
	owner := map[string]string{}
	for _, fc := range c.flights {
		for id, p := range fc.now {
			for _, record := range p.Records {
				owner[record] = id
			}
		}
	}
	of := make([]screening.ID, len(records))
	for i := range records {
		of[i] = screening.ID(owner[records[i].ID])
	}
	return of
}

// knownOf gathers what is known of passengers: those the question changes as it would leave them, the others as they are
// committed.
func (d *Domain) knownOf(ctx context.Context, r store.Reader, a pipeline.Asked, c *change, ids []screening.ID) (map[screening.ID]known, error) {
	want := make(map[screening.ID]bool, len(ids))
	for _, id := range ids {
		want[id] = true
	}
	all, rest := []screening.ID{}, []screening.ID{}
	var subjects []screening.Screened
	for i := range c.screen {
		if id := c.screen[i].Subject.ID; want[id] {
			subjects = append(subjects, c.screen[i])
			delete(want, id)
			all = append(all, id)
		}
	}
	for id := range want {
		rest = append(rest, id)
	}
	committed, err := d.Screen(ctx, r, rest)
	if err != nil {
		return nil, err
	}
	found, err := a.Screen(append(subjects, committed...))
	if err != nil {
		return nil, err
	}
	all = append(all, rest...)
	now := map[screening.ID]screening.ID{} // an id that goes with this question, and the one it goes by then
	for _, fc := range c.flights {
		for old, id := range fc.renamed {
			now[old] = id
			all = append(all, old)
		}
	}
	stored, err := screening.OfSubjects(ctx, r, all)
	if err != nil {
		return nil, err
	}
	cases, err := casework.OfSubjects(ctx, r, all)
	if err != nil {
		return nil, err
	}
	people := make(map[screening.ID]known, len(ids))
	for _, id := range all {
		as := id
		if to, renamed := now[id]; renamed {
			as = to
		}
		k := people[as]
		k.stored, k.cases = append(k.stored, stored[id]...), append(k.cases, cases[id]...)
		people[as] = k
	}
	for _, f := range found {
		k := people[f.Subject]
		k.found = append(k.found, f)
		people[f.Subject] = k
	}
	for id, k := range people {
		casework.OpenFirst(k.cases)
		people[id] = k
	}
	return people, nil
}

// Excuse clears nobody: no result came in time, or our own software failed. The carrier calls.
func (d *Domain) Excuse(a pipeline.Asked) []byte {
	var out []byte
	for i := range a.Messages {
		m, ok := a.Messages[i].Body.(*paxlst.Message)
		if !ok {
			continue
		}
		answer := cusres.Answer(m, a.At)
		for j := range answer.Results {
			answer.Results[j].Decision, answer.Results[j].Text = cusres.Contact, "NO RESULT. CALL "+d.desk
		}
		if len(answer.Results) == 0 {
			answer.Results = []cusres.Result{{Level: cusres.OfMessage, Decision: cusres.Rejected, Text: "NO RESULT. SEND IT AGAIN"}}
		}
		out = cusres.Append(out, answer)
	}
	if out == nil {
		return cusres.Append(nil, rejection(a.Raw, &fault.Fault{Message: "NO RESULT. SEND IT AGAIN"}, a.At))
	}
	return out
}

// rejection answers a question that cannot be read, with the segment that broke it, to whoever its envelope says sent it.
func rejection(raw []byte, f *fault.Fault, at time.Time) *cusres.Message {
	m := &cusres.Message{Function: cusres.Response, Prepared: at, MessageReference: "1", Results: []cusres.Result{{
		Level: cusres.OfMessage, Decision: cusres.Rejected, Text: strings.ToUpper(whereAndWhat(f)),
	}}}
	r := edifact.NewReader(raw)
	if r.Next() {
		e := r.Message()
		m.Sender, m.Recipient, m.Reference, m.Application = e.Interchange.Recipient, e.Interchange.Sender, e.Interchange.Reference, e.Interchange.Application
		m.MessageReference, m.AccessReference, m.Version = e.Reference, e.Access, e.Version
		if e.Type != "PAXLST" {
			m.Version = ""
		}
		for r.Scan() {
			if s := r.Segment(); s.Tag == "RFF" && s.Component(1, 1) == "TN" {
				m.Transaction = s.Component(1, 2)
				break
			}
		}
	}
	return m
}

// longestText is what FTX holds in one component.
const longestText = 70

func whereAndWhat(f *fault.Fault) string {
	text := f.Message
	if f.Segment > 0 {
		text = fmt.Sprintf("segment %d %s: %s", f.Segment, f.Tag, f.Message)
	}
	if r := []rune(text); len(r) > longestText {
		text = string(r[:longestText])
	}
	return text
}
