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
	heard := hearAPI(d.ids, a.Report, m).records
	of := c.owners(heard)
	people, err := d.knownOf(ctx, r, a, c, of)
	if err != nil {
		return err
	}
	goes, records := make([]string, len(heard)), make([]string, 0, len(heard)+1)
	for i := range heard {
		records = append(records, heard[i].ID)
		if goes[i] = c.adult(m, i, heard); goes[i] != "" {
			records = append(records, goes[i])
		}
	}
	before, err := questionsOf(ctx, r, records)
	if err != nil {
		return err
	}
	amiss := d.condition(ctx, r, a.At).amiss()
	for _, infants := range []bool{false, true} { // an infant's answer hangs on its adult's
		for i := range answer.Results {
			if (goes[i] != "") != infants {
				continue
			}
			result := &answer.Results[i]
			var missing []string
			result.Decision, missing = judge(&m.Passengers[i], people[of[i]], infants)
			if q := before[heard[i].ID]; a.At.Before(q.until) && q.same(a.Report.Filer.Name, m.Transaction, about(d.ids, heard[i].Person)) {
				result.Decision = graver(result.Decision, q.verdict)
				missing = q.asks(missing)
			}
			if infants {
				decision, lacks := adultOf(goes[i], heard, answer, before)
				result.Decision, missing = graver(result.Decision, decision), append(missing, lacks...)
			}
			result.Text = d.word(result.Decision, missing, amiss)
		}
	}
	return nil
}

// adultOf is what is told of the adult that an infant goes with, in this answer or before. One who was never asked about
// vouches for nobody.
func adultOf(record string, heard []Record, answer *cusres.Message, before map[string]question) (d cusres.Decision, missing []string) {
	for i := range heard {
		if heard[i].ID == record {
			if _, asks, found := strings.Cut(answer.Results[i].Text, asksAgain); found {
				missing = strings.Split(asks, lackingApart)
			}
			return answer.Results[i].Decision, missing
		}
	}
	if q, asked := before[record]; asked && q.verdict != calledOff {
		return q.verdict, q.asks(nil)
	}
	return cusres.Insufficient, []string{lacksDocument}
}

// word is what the carrier's agent reads. It is made of nothing but these words, the desk's number and the names of what is
// missing.
func (d *Domain) word(decision cusres.Decision, missing []string, amiss bool) string {
	switch decision {
	case cusres.OK:
		if amiss {
			return "OK TO BOARD" + provisional
		}
		return "OK TO BOARD"
	case cusres.Insufficient:
		return asking(missing)
	case cusres.DoNotBoard:
		return "DO NOT BOARD. CALL " + d.desk
	default:
		return "NOT CLEARED. CALL " + d.desk
	}
}

// owners are the passengers that records belong to once the change is written.
func (c *change) owners(records []Record) []screening.ID {
	owner := make(map[string]string, len(records))
	for i := range records {
		owner[records[i].ID] = ""
	}
	for _, fc := range c.flights {
		for id, p := range fc.now {
			for _, record := range p.Records {
				if _, asked := owner[record]; asked {
					owner[record] = id
				}
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
	subjects = append(subjects, committed...)
	found, err := a.Screen(subjects)
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
	for i := range subjects {
		k := people[subjects[i].Subject.ID]
		k.lacking = append(k.lacking, subjects[i].Lacking...)
		people[subjects[i].Subject.ID] = k
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
