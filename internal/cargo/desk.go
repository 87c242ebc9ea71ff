package cargo

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/cargoimp"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/jobs"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// act is what a person's word, a case or a clock does to one consignment, in one transaction.
type act struct {
	d       *Domain
	tx      store.Tx
	ctx     context.Context
	w       whole
	before  Standing
	st      Standing
	cause   string // what it follows from: answers are named by it, so that one is sent once
	by      string
	notices []cargoimp.Notice
	effects pipeline.Effects
}

// begin takes up a consignment; nil where there is none.
func (d *Domain) begin(ctx context.Context, tx store.Tx, consignment, cause, by string) (*act, error) {
	found, err := gather(ctx, tx, []string{consignment})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	a := &act{d: d, tx: tx, ctx: ctx, w: found[0], before: found[0].standing, st: found[0].standing, cause: cause, by: by}
	a.st.Cleared, a.st.Told = slices.Clone(a.st.Cleared), slices.Clone(a.st.Told)
	return a, nil
}

// say adds a status for every filer of the shipment.
func (a *act) say(code, words string) {
	now := a.tx.Now().UTC()
	a.st.tell(now, a.by, code)
	a.notices = append(a.notices, worded(code, now, words))
}

// end writes what changed, and has the master follow its houses.
func (a *act) end() (pipeline.Effects, error) {
	if err := saveStanding(a.ctx, a.tx, a.w.ID, a.w.Shipment, &a.st); err != nil {
		return a.effects, err
	}
	a.effects.Answers = append(a.d.inform(a.cause, a.w.shipment, a.w.House, a.notices), a.effects.Answers...)
	a.effects.Touched = append(a.effects.Touched, a.w.ID)
	a.effects.Events = append(a.effects.Events, pipeline.Event{Name: "consignment", ID: a.w.ID, Counts: map[string]int{a.st.State: 1}})
	if a.st.Referral != "" || a.before.Referral != "" {
		a.effects.Events = append(a.effects.Events, pipeline.Event{Name: "referral", ID: cmp.Or(a.st.Referral, a.before.Referral)})
	}
	if a.w.house == "" || a.before.State == a.st.State {
		return a.effects, nil
	}
	more, err := a.d.settleMaster(a.ctx, a.tx, a.w.shipment, a.cause)
	a.effects.Answers = append(a.effects.Answers, more.Answers...)
	a.effects.Events = append(a.effects.Events, more.Events...)
	return a.effects, err
}

// saveStanding writes a standing, and moves the shipment's version, so that whoever planned on it plans again.
func saveStanding(ctx context.Context, tx store.Tx, consignment, shipment string, st *Standing) error {
	body, err := json.Marshal(st)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `update cargo_consignment set state = $1, hold = $2, standing = $3 where id = $4`, st.State, st.Hold, string(body), consignment); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `update cargo_shipment set version = version + 1 where id = $1`, shipment)
	return err
}

// settleMaster has a master follow its houses: complete when all are there and assessed, not before.
func (d *Domain) settleMaster(ctx context.Context, tx store.Tx, s *Shipment, cause string) (e pipeline.Effects, err error) {
	var master *brief
	var l Load
	err = briefs(ctx, tx, []string{s.ID}, func(b *brief) {
		if b.house == "" {
			master = b
		} else {
			l.add(b)
		}
	})
	if err != nil || master == nil || master.standing.Hold != "" {
		return e, err
	}
	st := master.standing
	switch waits := s.waits(l); {
	case st.State == Complete && waits:
		st.State = Assessing
	case st.State == Assessing && !waits:
		st.State = Complete
		now := tx.Now().UTC()
		st.tell(now, "", cargoimp.Complete)
		e.Answers = d.inform(cause, s, "", []cargoimp.Notice{cargoimp.Say(cargoimp.Complete, now)})
	default:
		return e, nil
	}
	e.Events = []pipeline.Event{{Name: "consignment", ID: master.id, Counts: map[string]int{st.State: 1}}}
	return e, saveStanding(ctx, tx, master.id, s.ID, &st)
}

// Decided does what a decision that stands causes: a hold set or lifted, the filers told, the clocks wound.
func (d *Domain) Decided(ctx context.Context, tx store.Tx, c casework.Case, decision casework.Decision) (pipeline.Effects, error) {
	a, err := d.begin(ctx, tx, holderOf(c.Subject), decision.ID, decision.By)
	if err != nil || a == nil {
		return pipeline.Effects{}, err
	}
	switch decision.Outcome {
	case RFI, RFS, DNL:
		err = a.refer(c, decision)
	case lifted, dnlLifted:
		err = a.lift(decision)
	default:
		err = a.clear(c, decision)
	}
	if err != nil {
		return pipeline.Effects{}, err
	}
	return a.end()
}

func twoLift() error {
	return api.Errorf(api.Conflict, "a do-not-load is in force; it takes two to lift it (dnl-lifted), then decide again").With("field", "outcome")
}

// refer sets a hold and asks the filers what was prepared.
func (a *act) refer(c casework.Case, decision casework.Decision) error {
	kind := decision.Outcome
	q, err := questionOf(a.ctx, a.tx, a.w.ID)
	switch {
	case err != nil:
		return err
	case q == nil || q.Kind != kind:
		return api.Errorf(api.Unprocessable, "say first what is asked of the filer: prepare the question (%s) of this consignment, then decide", kind).With("field", "question")
	case a.st.Hold == DNL:
		return twoLift()
	case a.st.State == Departed || a.st.State == Arrived:
		return api.Errorf(api.Conflict, "the consignment has departed; tell the partner state instead").With("field", "outcome")
	}
	if err := a.closeReferral(decision.By, a.st.Hold != kind); err != nil {
		return err
	}
	now := a.tx.Now().UTC().Truncate(time.Second)
	ref := &Referral{ID: keys.Event(), Consignment: a.w.ID, Case: c.ID, Kind: kind, Asks: q.Asks, Method: q.Method, Text: q.Text, Contact: q.Contact,
		Opened: now, By: decision.By, Confirmed: decision.Confirmed, State: openReferral, Deadline: now.Add(answerWithin)}
	if q.Minutes > 0 {
		ref.Deadline = now.Add(time.Duration(q.Minutes) * time.Minute)
	}
	if cut := a.w.shipment.cutOff(); cut.After(now) && ref.Deadline.After(cut) {
		ref.Deadline = cut
	}
	if err := saveReferral(a.ctx, a.tx, ref); err != nil {
		return err
	}
	if err := addLine(a.ctx, a.tx, a.w.ID, Line{What: "asked", By: decision.By, Text: asked(ref), Referral: ref.ID}); err != nil {
		return err
	}
	if _, err := a.tx.ExecContext(a.ctx, `delete from cargo_question where consignment = $1`, a.w.ID); err != nil {
		return err
	}
	a.st.State, a.st.Hold, a.st.Referral, a.st.Answered = kind, kind, ref.ID, time.Time{}
	a.say(holds[kind].set, "")
	letter, err := ref.letter(a.d, a.w.shipment, a.w.House)
	a.effects.Answers = append(a.effects.Answers, letter...)
	a.effects.Jobs = append(a.effects.Jobs, ref.clock(now), a.cutOffClock())
	return err
}

// asked is a question in one line.
func asked(r *Referral) string {
	parts := slices.Clone(r.Asks)
	if r.Method != "" {
		parts = append(parts, r.Method)
	}
	if r.Text != "" {
		parts = append(parts, r.Text)
	}
	return strings.Join(parts, "; ")
}

// letter is a referral as its filers get it whole: a status line has room for its kind only.
func (r *Referral) letter(d *Domain, s *Shipment, house string) (answers []intake.Answer, err error) {
	number := printed(s.Master)
	body, err := json.MarshalIndent(struct {
		Referral string    `json:"referral"`
		Waybill  string    `json:"waybill"`
		House    string    `json:"house,omitempty"`
		Kind     string    `json:"kind"`
		Asks     []string  `json:"asks,omitempty"`
		Method   string    `json:"method,omitempty"`
		Text     string    `json:"text,omitempty"`
		Contact  string    `json:"contact,omitempty"`
		Deadline time.Time `json:"deadline"`
		Answer   string    `json:"answer"`
	}{r.ID, number, house, r.Kind, r.Asks, r.Method, r.Text, r.Contact, r.Deadline, "POST /api/v1/cargo/referrals/" + r.ID + "/answers, or file the waybill or house again"}, "", "  ")
	if err != nil {
		return nil, err
	}
	for _, filer := range s.Filers {
		answers = append(answers, intake.Answer{ID: d.ids.ID("cargo referral", r.ID, filer), Filer: filer, About: number, Kind: "referral", Media: "application/json", Name: number + "." + r.Kind + ".json", Body: body})
	}
	return answers, nil
}

// closeReferral ends the referral in force, and says so where its hold goes with it.
func (a *act) closeReferral(by string, tell bool) error {
	if a.st.Hold == "" {
		return nil
	}
	if tell {
		a.say(holds[a.st.Hold].gone, "")
	}
	id := a.st.Referral
	a.st.Hold, a.st.Referral, a.st.Answered = "", "", time.Time{}
	if id == "" {
		return nil
	}
	ref, err := referralByID(a.ctx, a.tx, id)
	if err != nil || ref == nil {
		return err
	}
	ref.State, ref.Lifted, ref.LiftedBy = liftedReferral, a.tx.Now().UTC().Truncate(time.Second), by
	if err := saveReferral(a.ctx, a.tx, ref); err != nil {
		return err
	}
	if err := jobs.Cancel(a.ctx, a.tx, answerJob(id)); err != nil {
		return err
	}
	return addLine(a.ctx, a.tx, a.w.ID, Line{What: "lifted", By: by, Referral: id})
}

// lift takes a hold back and leaves the rest to a further decision.
func (a *act) lift(decision casework.Decision) error {
	switch {
	case a.st.Hold == "":
		return api.Errorf(api.Conflict, "no hold is in force").With("field", "outcome")
	case decision.Outcome == lifted && a.st.Hold == DNL:
		return twoLift()
	case decision.Outcome == dnlLifted && a.st.Hold != DNL:
		return api.Errorf(api.Conflict, "no do-not-load is in force; lift the %s alone (lifted)", a.st.Hold).With("field", "outcome")
	}
	flown := a.st.State == Departed || a.st.State == Arrived
	if err := a.closeReferral(decision.By, true); err != nil {
		return err
	}
	if !flown {
		a.st.State = Referred
	}
	return nil
}

// clear lets the consignment be, once nobody else has a case of it to decide.
func (a *act) clear(c casework.Case, decision casework.Decision) error {
	if a.st.Hold == DNL {
		return twoLift()
	}
	all := subjectsOf(a.w.ID)
	cases, err := casework.OfSubjects(a.ctx, a.tx, all)
	if err != nil {
		return err
	}
	others := false
	for _, of := range cases {
		others = others || slices.ContainsFunc(of, func(o casework.Case) bool { return o.ID != c.ID && o.State != casework.Closed })
	}
	of := all
	if others {
		of = []screening.ID{c.Subject}
	}
	live, err := screening.OfSubjects(a.ctx, a.tx, of)
	if err != nil {
		return err
	}
	for id, found := range live {
		for i := range found {
			found[i].Subject = id
			if key := keyOfFinding(&found[i]); !slices.Contains(a.st.Cleared, key) {
				a.st.Cleared = append(a.st.Cleared, key)
			}
		}
	}
	slices.Sort(a.st.Cleared)
	if others {
		return nil
	}
	flown := a.st.State == Departed || a.st.State == Arrived
	if err := a.closeReferral(decision.By, true); err != nil {
		return err
	}
	if flown || a.st.State == Complete || a.st.State == Cancelled {
		return nil
	}
	a.st.State = Complete
	a.say(cargoimp.Complete, "")
	if _, err := a.tx.ExecContext(a.ctx, `delete from cargo_question where consignment = $1`, a.w.ID); err != nil {
		return err
	}
	return jobs.Cancel(a.ctx, a.tx, cutOffJob(a.w.ID))
}

// Raised has standings follow cases: opened, the consignment is referred; withdrawn, it is assessed once no other is open.
func (d *Domain) Raised(ctx context.Context, tx store.Tx, raised []casework.Raised) (pipeline.Effects, error) {
	var e pipeline.Effects
	done := map[string]bool{}
	for _, r := range raised {
		id := holderOf(r.Case.Subject)
		if r.What == "opened" || r.What == "reopened" {
			e.Jobs = append(e.Jobs, d.lookClock(tx, &r.Case))
		}
		if done[id] {
			continue
		}
		done[id] = true
		a, err := d.begin(ctx, tx, id, r.Case.ID+" "+ordinal(int(r.Case.Version)), "")
		if err != nil {
			return e, err
		}
		if a == nil {
			continue
		}
		if r.What == "opened" || r.What == "reopened" {
			e.Jobs = append(e.Jobs, a.cutOffClock())
		}
		moved, err := a.follow()
		if err != nil {
			return e, err
		}
		if !moved {
			continue
		}
		more, err := a.end()
		if err != nil {
			return e, err
		}
		e.Answers, e.Events, e.Jobs, e.Touched = append(e.Answers, more.Answers...), append(e.Events, more.Events...), append(e.Jobs, more.Jobs...), append(e.Touched, more.Touched...)
	}
	return e, nil
}

// follow moves the standing to what the consignment's cases say, and answers whether it moved.
func (a *act) follow() (bool, error) {
	cases, err := casework.OfSubjects(a.ctx, a.tx, subjectsOf(a.w.ID))
	if err != nil {
		return false, err
	}
	open := false
	for _, of := range cases {
		open = open || slices.ContainsFunc(of, func(c casework.Case) bool { return c.State != casework.Closed })
	}
	switch {
	case a.st.Hold != "" || a.st.State == Departed || a.st.State == Arrived || a.st.State == Cancelled:
		return false, nil
	case open:
		if a.st.State == Referred {
			return false, nil
		}
		a.st.State = Referred
		return true, nil
	case a.st.State != Referred:
		return false, nil
	case len(a.w.Missing) > 0:
		a.st.State = Incomplete
	case a.w.house == "" && a.w.shipment.waits(a.w.load):
		a.st.State = Assessing
	default:
		a.st.State = Complete
		a.say(cargoimp.Complete, "")
	}
	return true, nil
}
