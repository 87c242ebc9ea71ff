package dialogue_test

import (
	"encoding/json"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/sharing/dialogue"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

func new2[T any](v T) *T { return &v }

// convened is a round that bh hosts, about both agreements.
func (s *side) convened(t *testing.T) dialogue.File {
	t.Helper()
	f, err := s.Convene(t.Context(), dana, dialogue.Call{
		Agreements: []string{travel, cargo}, Starts: now, Place: "Manama", Call: "https://meet.example/r/1",
		Title: "Third round", TitleAr: "الجولة الثالثة",
		Delegations: []dialogue.Delegation{{Party: "bh", People: []dialogue.Person{{Name: "Layla Qamar", Post: "Head of unit"}}}, {Party: "us", People: []dialogue.Person{{Name: "Sam Example"}}}},
	})
	must(t, err)
	return f
}

// written fills the record in: a minute, an action, a decision.
func (s *side) written(t *testing.T, f dialogue.File) dialogue.File {
	t.Helper()
	_, err := s.Write(t.Context(), dana, f.Meeting.ID, f.Agenda[3].ID, dialogue.MinuteText{
		English: "Both sides found the figures equal.", Arabic: "وجد الجانبان أن الأرقام متطابقة.",
		Reservations: []dialogue.Reservation{{Party: "us", English: "Times of the holiday week are not typical.", Arabic: "أوقات أسبوع العطلة ليست معتادة."}},
	})
	must(t, err)
	_, err = s.Undertake(t.Context(), dana, f.Meeting.ID, dialogue.ActionText{
		Owner: "us-ntc", Text: "Bring T2 p99 under 15 minutes", TextAr: "خفض زمن الرد", Due: "2026-09-30", Agreement: travel, Figure: "reply_time_s.T2.p99",
	})
	must(t, err)
	_, err = s.Decide(t.Context(), dana, f.Meeting.ID, dialogue.DecisionText{
		Text: "Quota T2 raised from 200 to 250 a day", TextAr: "رفع حصة T2", Agreement: travel, Effect: ledger.Effect{AgreementVersion: 4},
	})
	must(t, err)
	f, err = s.Meeting(t.Context(), dana, f.Meeting.ID)
	must(t, err)
	return f
}

// A round from its calling to both signatures, and what is open of it in the next one.
func TestRound(t *testing.T) {
	t.Parallel()
	c := &clock{time.Date(2026, 10, 20, 9, 0, 0, 0, time.UTC)} // written up late; nothing moves it
	var attempts atomic.Int64
	faults := func() bool { return attempts.Add(1)%30 == 0 } // as if two transactions had met
	storetest.EachWith(t, store.Options{Clock: c.tell, Faults: faults}, func(t *testing.T, openStore func() *store.Store) {
		bh, us := pair(t, openStore(), clocked(t, c), c)
		f := bh.convened(t)
		var kinds []dialogue.Kind
		for _, item := range f.Agenda {
			kinds = append(kinds, item.Kind)
		}
		want := []dialogue.Kind{"opening", "last_minutes", "actions", "report", "report", "incidents", "data_quality", "proposals", "training", "next_date"}
		if diff := cmp.Diff(want, kinds); diff != "" {
			t.Error(diff)
		}
		if m := f.Meeting; m.Number != "M-2026-01" || m.From != "2026-01-09" || m.To != "2026-07-08" || m.Chairs["us"] != "us-ntc" || len(f.Proposals) != 1 {
			t.Errorf("the meeting is %+v", m)
		}

		bh.deliver(t, us)
		guest, err := us.Meeting(t.Context(), peter, f.Meeting.ID)
		must(t, err)
		if m := guest.Meeting; m.Own != "us" || m.Partner != "bh" || m.Host != "bh" || m.Number != "M-2026-01" || !m.Starts.Equal(now) || len(guest.Agenda) != 10 {
			t.Errorf("the guest sees %+v", m)
		}
		_, err = us.Edit(t.Context(), peter, f.Meeting.ID, dialogue.Edit{Place: new2("Washington")})
		wantKind(t, err, api.Forbidden, "bh hosts this meeting")
		_, err = us.Close(t.Context(), peter, f.Meeting.ID, 0)
		wantKind(t, err, api.Conflict, "no record of this meeting waits")
		_, err = bh.Close(t.Context(), dana, f.Meeting.ID, 0)
		wantKind(t, err, api.Unprocessable, "minutes")

		f = bh.written(t, f)
		_, err = bh.Close(t.Context(), dana, f.Meeting.ID, f.Meeting.Version-1)
		wantKind(t, err, api.Conflict, "has changed")
		f, err = bh.Close(t.Context(), dana, f.Meeting.ID, f.Meeting.Version)
		must(t, err)
		if f.Meeting.State != dialogue.Offered || len(f.Meeting.Signatures) != 1 {
			t.Errorf("signed by the host, the meeting is %+v", f.Meeting)
		}
		_, err = bh.Write(t.Context(), dana, f.Meeting.ID, f.Agenda[0].ID, dialogue.MinuteText{English: "late words"})
		wantKind(t, err, api.Conflict, "no longer changes")

		// The guest objects first: the host mends the record and offers it again.
		bh.deliver(t, us)
		_, err = us.Object(t.Context(), peter, f.Meeting.ID, "  ")
		wantKind(t, err, api.Unprocessable, "reason")
		_, err = us.Object(t.Context(), peter, f.Meeting.ID, "The reservation names the wrong week.")
		must(t, err)
		us.deliver(t, bh)
		f, err = bh.Meeting(t.Context(), dana, f.Meeting.ID)
		must(t, err)
		if f.Meeting.State != dialogue.Draft || f.Meeting.Objection == nil || len(f.Meeting.Signatures) != 0 {
			t.Fatalf("objected to, the meeting is %+v", f.Meeting)
		}
		_, err = bh.Write(t.Context(), dana, f.Meeting.ID, f.Agenda[3].ID, dialogue.MinuteText{English: "Both sides found the figures equal.", Arabic: "وجد الجانبان أن الأرقام متطابقة."})
		must(t, err)
		_, err = bh.Close(t.Context(), dana, f.Meeting.ID, 0)
		must(t, err)
		bh.deliver(t, us)
		guest, err = us.Close(t.Context(), peter, f.Meeting.ID, 0)
		must(t, err)
		us.deliver(t, bh)
		f, err = bh.Meeting(t.Context(), dana, f.Meeting.ID)
		must(t, err)

		// Both hold the same, but for what is each side's own.
		for _, both := range []*dialogue.File{&f, &guest} {
			m := &both.Meeting
			if m.State != dialogue.Closed || len(m.Signatures) != 2 || m.Decisions != 1 || m.ActionsLate != 1 {
				t.Errorf("%s holds %+v", m.Own, m)
			}
			slices.SortFunc(m.Signatures, func(a, b dialogue.Signature) int { return strings.Compare(a.Party, b.Party) })
			for i := range m.Signatures {
				m.Signatures[i].By = ""
			}
			m.Own, m.Partner, m.Version, m.OpenedBy = "", "", 0, ""
			for i := range both.Agenda {
				if both.Agenda[i].Minute != nil {
					both.Agenda[i].Minute.By = ""
				}
			}
			for i := range both.Actions {
				both.Actions[i].ChangedBy, both.Actions[i].ChangedAt = "", time.Time{}
			}
		}
		if diff := cmp.Diff(f, guest); diff != "" {
			t.Error(diff)
		}
		if d := f.Decisions[0]; d.Number != "D-2026-01" || !slices.Equal(d.SignedBy, []string{"bh-piu", "us-ntc"}) {
			t.Errorf("the decision is %+v", d)
		}

		// Nothing of it changes any more, but the state of what was undertaken; the other side hears of that.
		_, err = bh.Edit(t.Context(), dana, f.Meeting.ID, dialogue.Edit{Place: new2("elsewhere")})
		wantKind(t, err, api.Conflict, "closed")
		wantKind(t, bh.Withdraw(t.Context(), dana, f.Actions[0].ID), api.Conflict, "closed")
		wantKind(t, bh.Undecide(t.Context(), dana, f.Meeting.ID, "D-2026-01"), api.Conflict, "closed")
		next, err := us.Convene(t.Context(), peter, dialogue.Call{Agreements: []string{travel}, Starts: c.now.Add(time.Hour)})
		must(t, err)
		turns, err := us.Schedule(t.Context(), peter)
		must(t, err)
		starts := f.Meeting.Starts
		if diff := cmp.Diff([]dialogue.Turn{
			{Agreement: travel, Partner: "bh", Cadence: "P6M", Last: f.Meeting.ID, LastAt: starts, Next: "2027-01-09", Planned: next.Meeting.ID},
			{Agreement: cargo, Partner: "bh", Cadence: "P6M", Last: f.Meeting.ID, LastAt: starts, Next: "2027-01-09"},
		}, turns.Items); diff != "" {
			t.Error(diff)
		}
		if next.Meeting.Number != "M-2026-02" || next.Meeting.From != "2026-07-09" || len(next.Due) != 1 || next.Due[0].State != dialogue.ActionLate || next.Due[0].Number != "A-2026-01" {
			t.Errorf("the next round opens with %+v of %+v", next.Due, next.Meeting)
		}
		_, err = us.Follow(t.Context(), peter, f.Actions[0].ID, dialogue.ActionEdit{State: new2(dialogue.ActionDone)})
		wantKind(t, err, api.Unprocessable, "evidence")
		_, err = us.Follow(t.Context(), peter, f.Actions[0].ID, dialogue.ActionEdit{State: new2(dialogue.ActionDone), Evidence: new2("p99 was 12 minutes in September")})
		must(t, err)
		us.deliver(t, bh)
		told, err := bh.Actions(t.Context(), dana, dialogue.ActionDone, travel)
		must(t, err)
		if len(told.Items) != 1 || told.Items[0].ChangedBy != "us" || told.Items[0].Evidence == "" {
			t.Errorf("the other side was told %+v", told.Items)
		}
		if no := append(bh.refusals(t), us.refusals(t)...); len(no) > 0 {
			t.Errorf("not taken: %q", no)
		}
		if len(bh.events) < 6 || bh.events[0].ID != f.Meeting.ID {
			t.Errorf("live pages were told %v", bh.events)
		}
	})
}

// The report is made from the exchange log, sent as others may see it, and held against the partner's.
func TestReport(t *testing.T) {
	t.Parallel()
	c := &clock{time.Date(2026, 5, 15, 1, 0, 0, 0, time.UTC)}
	bh, us := pair(t, clocked(t, c), clocked(t, c), c)
	for i := range 8 {
		thread := "t-" + string(rune('a'+i))
		c.now = c.now.Add(time.Hour)
		q := ledger.Step{Kind: ledger.Sent, Agreement: travel, Version: 3, Share: "T2", Type: "REQUEST", Direction: ledger.Out, Message: thread, Thread: thread}
		bh.steps(t, q)
		q.Kind, q.Direction = ledger.Received, ledger.In
		if i < 7 {
			us.steps(t, q)
		}
	}
	us.steps(t, ledger.Step{Kind: ledger.Suspended, Agreement: travel, Share: "T5", Code: "breach"}, ledger.Step{Kind: ledger.Sent, Agreement: cargo, Type: "REQUEST", Message: "elsewhere"})
	days := ledger.Days{From: "2026-01-01", To: "2026-06-30"}
	_, err := us.Send(t.Context(), peter, travel, days)
	wantKind(t, err, api.Unprocessable, "has not come")
	c.now = now
	sent, err := us.Send(t.Context(), peter, travel, days)
	must(t, err)
	if sent.SentAt.IsZero() || len(sent.Developments) != 1 || sent.Developments[0].Kind != ledger.ShareStopped {
		t.Errorf("sent: %+v", sent)
	}
	us.deliver(t, bh)
	bh.receive(t, "mallory", string(mustJSON(t, map[string]any{"kind": "report", "report": json.RawMessage(sent.Review)})))
	got, err := bh.Report(t.Context(), dana, travel, days, false)
	must(t, err)
	review, err := ledger.ReadReview(got.Review)
	must(t, err)
	if review.Sides["bh"].Requests["T2"].N != 8 || review.Sides["us"].Received["T2"].N != 7 || got.ReceivedAt.IsZero() {
		t.Errorf("the report is %s", got.Review)
	}
	if !strings.Contains(string(got.Review), `{"figure":"requests.T2 bh→us","bh_sent":8,"us_received":7,"difference":1}`) {
		t.Errorf("the difference is not there: %s", got.Review)
	}
	if review.MadeFrom.From != 1 || review.MadeFrom.To != 8 || len(review.MadeFrom.Root) != len("sha-256:")+64 {
		t.Errorf("made from %+v", review.MadeFrom)
	}
	again, err := bh.Report(t.Context(), dana, travel, days, false)
	must(t, err)
	if string(again.Review) != string(got.Review) {
		t.Error("made again, the report has other bytes")
	}
	if no := bh.refusals(t); len(no) != 1 || !strings.Contains(no[0], "not the partner's own") {
		t.Errorf("a report by somebody else was taken: %q", no)
	}
	past, err := bh.Report(t.Context(), dana, travel, ledger.Days{From: "2025-01-01", To: "2025-06-30"}, false)
	must(t, err)
	if !strings.Contains(string(past.Review), `"agreement":{"id":"bh-us-travel","version":2}`) {
		t.Errorf("a time under an older version is reported so: %s", past.Review)
	}
	_, err = bh.Report(t.Context(), dana, "none", days, false)
	wantKind(t, err, api.NotFound, "none")
	_, err = bh.Report(t.Context(), dana, travel, ledger.Days{From: "2026-06-30", To: "2026-01-01"}, false)
	wantKind(t, err, api.Unprocessable, "before it begins")
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	must(t, err)
	return b
}

// What a partner must not be able to do, whatever it sends.
func TestHostilePartner(t *testing.T) {
	t.Parallel()
	c := &clock{now}
	bh, us := pair(t, clocked(t, c), clocked(t, c), c)
	f := bh.written(t, bh.convened(t))
	f, err := bh.Close(t.Context(), dana, f.Meeting.ID, 0)
	must(t, err)
	record := string(bh.sent[len(bh.sent)-1].Body)
	before := text(t, f)
	forged := strings.NewReplacer(`found the figures equal`, `found the figures wrong`).Replace(record)

	for _, hostile := range []struct{ from, body, why string }{
		{"us", ``, "no review"},
		{"us", `{"kind":"coup"}`, "no kind"},
		{"us", `{"kind":"invitation"}`, "without a meeting"},
		{"us", `{"kind":"invitation","meeting":"` + f.Meeting.ID + `","invitation":{"meeting":{},"agenda":[]}}`, "not the partner's to change"},
		{"us", record, "not the partner's to record"},
		{"us", `{"kind":"signature","meeting":"` + f.Meeting.ID + `","digest":"` + f.Meeting.Digest + `","authority":"us-ntc","signature":"AAAA"}`, "does not verify"},
		{"us", `{"kind":"signature","meeting":"` + f.Meeting.ID + `","digest":"` + f.Meeting.Digest + `","authority":"bh-piu","signature":"AAAA"}`, "not the chair"},
		{"us", `{"kind":"objection","meeting":"` + f.Meeting.ID + `","digest":"sha-256:00"}`, "no longer offered"},
		{"us", `{"kind":"signature","meeting":"no such\nid"}`, "names no meeting"},
		{"us", `{"kind":"action","action":{"id":"` + f.Actions[0].ID + `","state":"done"}}`, "not one that was agreed on"},
		{"us", `{"kind":"action","action":{"id":"none","state":"done"}}`, "no action item"},
		{"us", `{"kind":"action","action":{"id":"none","state":"late"}}`, "names no state"},
		{"us", `{"kind":"report","report":{"schema":"rihla.review/v1","agreement":{"id":"none"},"period":{"from":"2026-01-01","to":"2026-01-02"}}}`, "none"},
		{"mallory", `{"kind":"objection","meeting":"` + f.Meeting.ID + `"}`, "not with"},
	} {
		known := len(bh.refusals(t))
		bh.receive(t, hostile.from, hostile.body)
		if no := bh.refusals(t); len(no) != known+1 || !strings.Contains(no[0], hostile.why) {
			t.Errorf("%s: %s\nrefused with %q, want %q", hostile.from, hostile.body, no, hostile.why)
		}
	}
	bh.deliver(t, us)
	us.receive(t, "bh", forged)
	if no := us.refusals(t); len(no) != 1 || !strings.Contains(no[0], "does not verify") {
		t.Errorf("a record whose words were changed: %q", no)
	}
	after, err := bh.Meeting(t.Context(), dana, f.Meeting.ID)
	must(t, err)
	if diff := cmp.Diff(before, text(t, after)); diff != "" {
		t.Errorf("the partner changed: %s", diff)
	}
}

func text(t *testing.T, v any) string { t.Helper(); return string(mustJSON(t, v)) }

// An emergency has one item, and goes at once.
func TestEmergency(t *testing.T) {
	t.Parallel()
	c := &clock{now}
	bh, us := pair(t, clocked(t, c), clocked(t, c), c)
	_, err := us.Convene(t.Context(), peter, dialogue.Call{Agreements: []string{cargo}, Starts: now, Urgent: true})
	wantKind(t, err, api.Unprocessable, "reason")
	f, err := us.Convene(t.Context(), peter, dialogue.Call{Agreements: []string{cargo}, Starts: now, Urgent: true, Reason: "Data seen outside its purpose"})
	must(t, err)
	if len(us.sent) != 1 || !us.sent[0].Urgent || len(f.Agenda) != 1 {
		t.Errorf("the call is %+v with agenda %+v", us.sent, f.Agenda)
	}
	us.deliver(t, bh)
	list, err := bh.Meetings(t.Context(), access.Principal{Name: "omar", Role: access.Auditor}, dialogue.Query{Agreement: cargo, State: "draft"})
	must(t, err)
	if len(list.Items) != 1 || !list.Items[0].Urgent {
		t.Errorf("the other side sees %+v", list.Items)
	}
}

// What cannot stand is refused, saying what and how to mend it.
func TestWrongMeetings(t *testing.T) {
	t.Parallel()
	c := &clock{now}
	bh := open(t, "bh", clocked(t, c), c)
	good := func() dialogue.Call { return dialogue.Call{Agreements: []string{travel}, Starts: now} }
	for what, break_ := range map[string]func(*dialogue.Call){
		"at least one agreement": func(c *dialogue.Call) { c.Agreements = nil },
		"no agreement":           func(c *dialogue.Call) { c.Agreements = []string{"x"} },
		"when the meeting":       func(c *dialogue.Call) { c.Starts = time.Time{} },
		"https address":          func(c *dialogue.Call) { c.Call = "javascript:alert(1)" },
		"authentic is":           func(c *dialogue.Call) { c.Authentic = "fr" },
		"no authority of":        func(c *dialogue.Call) { c.Chairs = map[string]string{"us": "bh-piu"} },
		"is no party":            func(c *dialogue.Call) { c.Delegations = []dialogue.Delegation{{Party: "fr"}} },
		"before it begins":       func(c *dialogue.Call) { c.From, c.To = "2026-02-02", "2026-02-01" },
	} {
		call := good()
		break_(&call)
		_, err := bh.Convene(t.Context(), dana, call)
		if err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("%s: %v", what, err)
		}
	}
	f, err := bh.Convene(t.Context(), dana, good())
	must(t, err)
	for what, agenda := range map[string][]dialogue.AgendaEdit{
		"no kind":        {{Kind: "party"}},
		"needs a title":  {{Kind: dialogue.Other}},
		"not about":      {{Kind: dialogue.Report, Agreement: cargo}},
		"name it":        {{Kind: dialogue.Report}},
		"no item":        {{ID: "x", Kind: dialogue.Opening}},
		"is there twice": {{ID: f.Agenda[0].ID, Kind: dialogue.Opening}, {ID: f.Agenda[0].ID, Kind: dialogue.Opening}},
	} {
		_, err := bh.Edit(t.Context(), dana, f.Meeting.ID, dialogue.Edit{Agenda: agenda})
		wantKind(t, err, api.Unprocessable, what)
	}
	_, err = bh.Undertake(t.Context(), dana, f.Meeting.ID, dialogue.ActionText{Owner: "fr-x", Text: "x", Due: "2026-01-01"})
	wantKind(t, err, api.Unprocessable, "owner")
	_, err = bh.Undertake(t.Context(), dana, f.Meeting.ID, dialogue.ActionText{Owner: "us-ntc", Text: "x", Due: "soon"})
	wantKind(t, err, api.Unprocessable, "due")
	a, err := bh.Undertake(t.Context(), dana, f.Meeting.ID, dialogue.ActionText{Owner: "us-ntc", Text: "x", Due: "2026-01-01"})
	must(t, err)
	must(t, bh.Withdraw(t.Context(), dana, a.ID))
	wantKind(t, bh.Withdraw(t.Context(), dana, a.ID), api.NotFound, "no action item")
	wantKind(t, bh.Undecide(t.Context(), dana, f.Meeting.ID, "D-2026-09"), api.NotFound, "no decision")
}

// FuzzReceived holds the room to take or refuse whatever a partner sends, and to stay readable.
func FuzzReceived(f *testing.F) {
	for _, seed := range []string{
		``, `null`, `{"kind":"invitation","meeting":"m","invitation":{"meeting":{"id":"m","number":"M-2026-01","host":"us","agreements":["bh-us-travel"],"starts":"2026-07-09T08:00:00Z","from":"2026-01-01","to":"2026-06-30","authentic":"en"},"agenda":[{"id":"a","kind":"opening"}]}}`,
		`{"kind":"record","meeting":"m","record":"{\"schema\":\"rihla.meeting/v1\"}","authority":"us-ntc","signature":"x"}`,
		`{"kind":"report","report":{"schema":"rihla.review/v1","agreement":{"id":"bh-us-travel","version":3},"period":{"from":"2026-01-01","to":"2026-06-30"},"sides":{"us":{"requests":{"T2":"<5"}}}}}`,
		`{"kind":"action","action":{"id":"x","state":"done"}}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		c := &clock{now}
		bh := open(t, "bh", clocked(t, c), c)
		bh.receive(t, "us", body)
		list, err := bh.Meetings(t.Context(), dana, dialogue.Query{})
		must(t, err)
		for _, m := range list.Items {
			for _, l := range []dialogue.Language{dialogue.English, dialogue.Arabic} {
				if _, err := bh.Page(t.Context(), dana, m.ID, l); err != nil {
					t.Error(err)
				}
			}
		}
		_, err = bh.Report(t.Context(), dana, travel, ledger.Days{From: "2026-01-01", To: "2026-06-30"}, true)
		must(t, err)
	})
}
