package sharing

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/sharing/agreement"
	"github.com/rihla/rihla/internal/sharing/envelope"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/sharing/post"
	"github.com/rihla/rihla/internal/store"
)

// act does something to a thread in one transaction: it checks who may, sends what do answers, and records it.
func (r *Room) act(ctx context.Context, by access.Principal, id, action string, do func(tx store.Tx, t *Thread, v Version, share *agreement.Share) (post.Draft, error)) (Thread, error) {
	err := r.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		t, v, share, err := r.openThread(ctx, tx, id)
		if err != nil {
			return err
		}
		if !mayAsk(by.Role, domainOf(share.Category)) {
			return api.Errorf(api.Forbidden, "this is not for the role %s", by.Role)
		}
		d, err := do(tx, &t, v, share)
		if err != nil {
			return err
		}
		if _, err := r.Post.Send(ctx, tx, d); err != nil {
			return err
		}
		if err := audit.Record(ctx, tx, audit.Entry{Actor: by.Name, Role: string(by.Role), Action: action, Touched: []string{id}}); err != nil {
			return err
		}
		return r.changed(ctx, tx, &t)
	})
	if err != nil {
		return Thread{}, err
	}
	return r.thread(ctx, r.store.Read(), id)
}

// Outcome reports to the holder what came of its answer.
func (r *Room) Outcome(ctx context.Context, by access.Principal, id, result string) (Thread, error) {
	return r.act(ctx, by, id, "exchange.outcome", func(tx store.Tx, t *Thread, v Version, _ *agreement.Share) (post.Draft, error) {
		o := outcome{Result: result}
		switch {
		case t.Direction != ledger.Out || t.State != Answered:
			return post.Draft{}, t.conflict("only an answer that came has an outcome")
		case result == confirmedSame || result == notTheSame:
			if t.Result != hit {
				return post.Draft{}, t.conflict("only a hit is the same person or not")
			}
		case result == useful || result == notUseful:
			o = outcome{Use: result}
		default:
			return post.Draft{}, api.Errorf(api.Unprocessable, "an outcome is confirmed_same, not_same, useful or not_useful")
		}
		t.Outcome = result
		body, err := json.Marshal(o)
		if err != nil {
			return post.Draft{}, err
		}
		d := r.inThread(envelope.Outcome, v, t, t.message, by.Name, body)
		return d, ledger.Record(ctx, tx, by.Name, string(by.Role), ledger.Step{
			Kind: ledger.Approved, Agreement: t.Agreement, Version: t.Version, Share: t.Share, Partner: t.Partner, Direction: ledger.Out,
			Type: string(envelope.Outcome), Thread: t.ID, Purpose: t.Purpose, Result: result,
		})
	})
}

// Correct tells the partner of a mistake in what it was given, and corrects what is kept of it here.
func (r *Room) Correct(ctx context.Context, by access.Principal, id, reference, field string, now any, reason string) (Thread, error) {
	return r.act(ctx, by, id, "exchange.correct", func(tx store.Tx, t *Thread, v Version, _ *agreement.Share) (post.Draft, error) {
		given, err := r.gave(ctx, tx, t, reference)
		if err != nil {
			return post.Draft{}, err
		}
		if len(given) > 1 && t.Subjects > 1 {
			return post.Draft{}, t.several()
		}
		c := correction{Reference: given[0].Reference, Field: field, Now: now, Reason: strings.TrimSpace(reason)}
		for i := range given {
			if !slices.Contains(given[i].Fields, field) {
				continue
			}
			if err := r.values(ctx, tx, &given[i]); err != nil {
				return post.Draft{}, err
			}
			c.Was = digestOf(given[i].Values[field])
			given[i].Values[field] = now
			body, err := json.Marshal(given[i].Values)
			if err != nil {
				return post.Draft{}, err
			}
			if err := r.vault.put(ctx, tx, given[i].ID, body); err != nil {
				return post.Draft{}, err
			}
		}
		if c.Was == "" {
			return post.Draft{}, api.Errorf(api.Unprocessable, "the partner was not given %q in this thread", field)
		}
		return r.dutiful(ctx, tx, t, v, envelope.Correction, dutyCorrection, v.Duties.CorrectionEffectWithin, by, c)
	})
}

// several says that one of several things must be named.
func (t *Thread) several() error {
	return api.Errorf(api.Unprocessable, "the thread gave %d things: name the one by its reference", t.Subjects)
}

// gave are the records of what was given in a thread, or of the one thing named.
func (r *Room) gave(ctx context.Context, rd store.Reader, t *Thread, reference string) ([]Record, error) {
	given, err := records(ctx, rd, "thread = $1 and direction = 'out' and state <> 'erased' and ($2 = '' or reference = $2) order by id", t.ID, reference)
	if err == nil && len(given) == 0 {
		err = t.conflict("nothing was given in it")
	}
	return given, err
}

// dutiful begins a message that the partner must act on in time.
func (r *Room) dutiful(ctx context.Context, tx store.Tx, t *Thread, v Version, kind envelope.Type, duty string, within agreement.Duration, by access.Principal, body any) (post.Draft, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return post.Draft{}, err
	}
	d := r.inThread(kind, v, t, t.message, by.Name, text)
	d.ID = keys.Event()
	due := within.After(r.now())
	if err := owe(ctx, tx, t, duty, d.ID, due); err != nil {
		return d, err
	}
	return d, ledger.Record(ctx, tx, by.Name, string(by.Role), ledger.Step{
		Kind: ledger.Approved, Agreement: t.Agreement, Version: t.Version, Share: t.Share, Partner: t.Partner, Direction: ledger.Out, Type: string(kind),
		Message: d.ID, Thread: t.ID, Due: due,
	})
}

// AskErasure tells the partner to erase what it was given, and why.
func (r *Room) AskErasure(ctx context.Context, by access.Principal, id, reference, cause string) (Thread, error) {
	return r.act(ctx, by, id, "exchange.erase", func(tx store.Tx, t *Thread, v Version, _ *agreement.Share) (post.Draft, error) {
		if !slices.Contains([]string{"unlawful", "wrong_person", "withdrawn", "court"}, cause) {
			return post.Draft{}, api.Errorf(api.Unprocessable, "the cause is unlawful, wrong_person, withdrawn or court")
		}
		given, err := r.gave(ctx, tx, t, reference)
		if err != nil {
			return post.Draft{}, err
		}
		if err := r.unlent(ctx, tx, t, given); err != nil {
			return post.Draft{}, err
		}
		return r.withdraw(ctx, tx, t, v, given, cause, by)
	})
}

// withdraw has the partner erase what it was given, and erases what is kept of it here.
func (r *Room) withdraw(ctx context.Context, tx store.Tx, t *Thread, v Version, given []Record, cause string, by access.Principal) (post.Draft, error) {
	references := referencesOf(given)
	for i := range given {
		if _, err := r.erase(ctx, tx, &given[i], cause, "", r.now()); err != nil {
			return post.Draft{}, err
		}
	}
	return r.dutiful(ctx, tx, t, v, envelope.Erase, dutyErasure, v.Duties.ErasureReceiptWithin, by, erasure{References: references, Cause: cause})
}

// referencesOf are what records are known by to the partner, each once.
func referencesOf(given []Record) []string {
	names := []string{}
	for i := range given {
		if name := given[i].Reference; name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// Doubt tells the giver that what it gave seems wrong.
func (r *Room) Doubt(ctx context.Context, by access.Principal, id, why string) (Thread, error) {
	return r.act(ctx, by, id, "exchange.doubt", func(_ store.Tx, t *Thread, v Version, _ *agreement.Share) (post.Draft, error) {
		why = strings.TrimSpace(why)
		switch {
		case t.Result != hit && t.Result != data:
			return post.Draft{}, t.conflict("nothing was received in it")
		case why == "":
			return post.Draft{}, api.Errorf(api.Unprocessable, "say what seems wrong")
		}
		t.Attention = "doubted"
		body, err := json.Marshal(doubt{Reference: t.Reference, Why: why})
		return r.inThread(envelope.Doubt, v, t, t.message, by.Name, body), err
	})
}

// Gift is something given unasked. What this node holds is named by Item: its values, whom it is about and what conditions
// ask of it are then the holder's to say, not the officer's. What nobody here holds is typed.
type Gift struct {
	Share         string         `json:"share"`
	Purpose       string         `json:"purpose"`
	CaseRef       string         `json:"case_ref,omitempty" maxLength:"80"`
	Justification string         `json:"justification,omitempty" maxLength:"4000"`
	Item          string         `json:"item,omitempty" doc:"What is given, by the id its domain has for it: a consignment, a declaration, an indicator"`
	Fields        []string       `json:"fields,omitempty" doc:"With item: only these of its fields; absent: all that the agreement lets out"`
	Values        map[string]any `json:"values,omitempty" doc:"By the catalogue's names, where no part of this node holds it"`
	Subject       *Person        `json:"subject,omitempty" doc:"Whom it is about, for the agreement's conditions; it does not leave"`
	Record        GiftRecord     `json:"record,omitempty"`
	Urgent        bool           `json:"urgent,omitempty"`
	Confirmed     bool           `json:"human_confirmed,omitempty"`
}

// GiftRecord is what the agreement's conditions may ask of what is given.
type GiftRecord struct {
	Kind             string  `json:"kind,omitempty"`
	Status           string  `json:"status,omitempty"`
	TLP              string  `json:"tlp,omitempty"`
	AmountUSD        float64 `json:"amount_usd,omitempty"`
	Confidence       int     `json:"confidence,omitempty"`
	FalseDeclaration bool    `json:"false_declaration,omitempty"`
}

// waitingGift is what waits sealed until another person approves that it leaves.
type waitingGift struct {
	request
	Values map[string]any     `json:"values"`
	Record agreement.Record   `json:"record"`
	Item   string             `json:"item,omitempty"`  // as its holder names it; empty where it was typed
	About  *agreement.Subject `json:"about,omitempty"` // as the holder says; nil where it was typed
}

// gift puts together what is given: from whoever holds it, or as it was typed.
func (r *Room) gift(ctx context.Context, rd store.Reader, share *agreement.Share, t *Thread, in Gift, by access.Principal) (*waitingGift, error) {
	g := &waitingGift{Values: in.Values, request: request{Subject: in.Subject, CaseRef: strings.TrimSpace(in.CaseRef), Justification: strings.TrimSpace(in.Justification), Urgent: in.Urgent}}
	g.Record = agreement.Record{
		Kind: in.Record.Kind, Status: in.Record.Status, TLP: in.Record.TLP, AmountUSD: in.Record.AmountUSD, Confidence: in.Record.Confidence,
		FalseDeclaration: in.Record.FalseDeclaration,
	}
	if in.Confirmed {
		g.HumanConfirmedBy = r.pseudonym(by.Name)
	}
	item, held := r.items[share.Category]
	switch {
	case in.Item != "" && !held:
		return nil, api.Errorf(api.Unprocessable, "no part of this node holds %s: type the values to be given", share.Category)
	case in.Item == "" && held:
		return nil, api.Errorf(api.Unprocessable, "%s is held here: name what is given by its id, as item; its values are not typed", share.Category)
	case in.Item != "" && len(in.Values) > 0:
		return nil, api.Errorf(api.Unprocessable, "give what is held, or what you type, not both: leave item or values out")
	case in.Item != "":
		offer, err := item.Fill(ctx, rd, in.Item, Ask{Agreement: t.Agreement, Share: t.Share, Category: share.Category, Purpose: t.Purpose})
		if err != nil {
			return nil, err
		}
		g.Item, g.Values, g.Record, g.About = in.Item, offer.Values, offer.Record, &offer.Subject
		if len(in.Fields) > 0 {
			maps.DeleteFunc(g.Values, func(name string, _ any) bool { return !slices.Contains(in.Fields, name) })
		}
	}
	if len(g.Values) == 0 {
		return nil, api.Errorf(api.Unprocessable, "there is nothing to give: neither item nor values says anything").With("code", agreement.Incomplete)
	}
	if g.Subject == nil {
		g.Subject = subjectIn(g.Values)
	}
	return g, nil
}

// givable finds the share that something would be given under, and begins its thread.
func (r *Room) givable(ctx context.Context, by access.Principal, id string, in Gift) (v Version, share *agreement.Share, t Thread, err error) {
	v, own, partner, err := r.inForceHere(ctx, id)
	if err != nil {
		return v, nil, t, err
	}
	share, known := v.Share(in.Share)
	switch {
	case !known || share.Trigger == "request":
		return v, nil, t, api.Errorf(api.Unprocessable, "agreement %s has no share %q that is given unasked", id, in.Share).With("code", agreement.Direction)
	case !mayAsk(by.Role, domainOf(share.Category)):
		return v, nil, t, api.Errorf(api.Forbidden, "%s is not for the role %s to give", share.ID, by.Role)
	}
	return v, share, r.gives(v, share, own, partner, by, in), nil
}

// gives begins the thread of something given unasked.
func (r *Room) gives(v Version, share *agreement.Share, own, partner agreement.Party, by access.Principal, in Gift) Thread {
	return Thread{
		ID: keys.Event(), Agreement: v.Metadata.ID, Version: v.Number, Digest: v.Digest, Share: share.ID, Direction: ledger.Out, Kind: gives,
		Own: authority(own, share.Category, v), Partner: authority(partner, share.Category, v), State: Draft, Purpose: in.Purpose,
		CaseRef: strings.TrimSpace(in.CaseRef), Requester: by.Name, Urgent: in.Urgent, AskedAt: r.now(),
	}
}

// PreviewGift shows what would leave if it were given now, field by field, and what would not and why. Nothing leaves.
func (r *Room) PreviewGift(ctx context.Context, by access.Principal, id string, in Gift) (Preview, error) {
	v, share, t, err := r.givable(ctx, by, id, in)
	if err != nil {
		return Preview{}, err
	}
	if err := r.told(ctx, by, "exchange.preview", id, in.Item); err != nil {
		return Preview{}, err
	}
	rd := r.store.Read()
	g, err := r.gift(ctx, rd, share, &t, in, by)
	if err != nil {
		return Preview{}, err
	}
	f, err := r.giftFlow(ctx, rd, v, &t, g, nil)
	if err != nil {
		return Preview{}, err
	}
	return preview(v.Decide(f), g.Values, func(kept map[string]any) any {
		return given{Fields: kept, Justification: g.Justification, ConfirmedBy: g.HumanConfirmedBy}
	})
}

// Give begins a thread with something the agreement lets be given unasked. It waits for the approval the share asks for;
// where that is standing, it leaves at once.
func (r *Room) Give(ctx context.Context, by access.Principal, id string, in Gift) (Thread, error) {
	v, share, t, err := r.givable(ctx, by, id, in)
	if err != nil {
		return Thread{}, err
	}
	err = r.attempt(ctx, func(ctx context.Context, tx store.Tx) (refusal, err error) {
		t := t
		g, err := r.gift(ctx, tx, share, &t, in, by)
		if err != nil {
			return nil, err
		}
		o, err := r.weighGift(ctx, tx, v, &t, g, nil, by)
		if err != nil {
			return nil, err
		}
		if refusal := unasked(o); refusal != nil {
			return refusal, nil
		}
		body, err := json.Marshal(g)
		if err != nil {
			return nil, err
		}
		if err := r.vault.put(ctx, tx, t.ID, body); err != nil {
			return nil, err
		}
		if o.Verdict == agreement.Permit {
			if err := r.sendGift(ctx, tx, v, &t, g, o, by.Name); err != nil {
				return nil, err
			}
		}
		if err := audit.Record(ctx, tx, audit.Entry{Actor: by.Name, Role: string(by.Role), Action: "exchange.give", Touched: []string{t.ID}, Detail: t.Agreement + " " + t.Share}); err != nil {
			return nil, err
		}
		return nil, r.changed(ctx, tx, &t)
	})
	if err != nil {
		return Thread{}, err
	}
	return r.thread(ctx, r.store.Read(), t.ID)
}

func (r *Room) weighGift(ctx context.Context, tx store.Tx, v Version, t *Thread, g *waitingGift, approved []Approval, by access.Principal) (agreement.Outcome, error) {
	f, err := r.giftFlow(ctx, tx, v, t, g, approved)
	if err != nil {
		return agreement.Outcome{}, err
	}
	return r.decide(ctx, tx, v, t, f, by.Name, string(by.Role))
}

// giftFlow is what the agreement is asked about something that would be given.
func (r *Room) giftFlow(ctx context.Context, rd store.Reader, v Version, t *Thread, g *waitingGift, approved []Approval) (agreement.Flow, error) {
	f, err := r.flow(ctx, rd, v, t, agreement.Releasing, &g.request)
	if err != nil {
		return f, err
	}
	f.Record, f.Fields = g.Record, fieldNames(g.Values)
	if g.About != nil && g.About.Kind != "" {
		f.Subject = known(f.Subject, *g.About)
	}
	for _, a := range approved {
		if a.Approve && a.Stage == toRelease {
			f.Approvals = append(f.Approvals, agreement.Approval{By: a.By, Role: a.Role})
		}
	}
	return f, nil
}

func (r *Room) sendGift(ctx context.Context, tx store.Tx, v Version, t *Thread, g *waitingGift, o agreement.Outcome, officer string) error {
	now := r.now()
	n, err := store.NextNumber(ctx, tx, "sharing_reference", 1)
	if err != nil {
		return err
	}
	t.Reference = r.shelf.home + "-S-" + strconv.FormatInt(n, 10)
	fields := map[string]any{}
	for _, name := range o.Keep {
		fields[name] = g.Values[name]
	}
	body, err := json.Marshal(given{Fields: fields, Reference: t.Reference, Justification: g.Justification, ConfirmedBy: g.HumanConfirmedBy})
	if err != nil {
		return err
	}
	t.answer(now, Answered, data)
	t.message, err = r.Post.Send(ctx, tx, post.Draft{
		ID: t.ID, Type: envelope.Share, Agreement: named(v.Agreement), Share: t.Share, From: t.Own, To: t.Partner, Purpose: t.Purpose,
		CaseRef: t.CaseRef, Officer: r.officer(officer), Urgent: t.Urgent, Body: body, Handling: handling(o), Expires: v.Transport.MessageTTL.After(now),
	})
	if err != nil {
		return err
	}
	if err := r.vault.destroy(ctx, tx, t.ID); err != nil { // what left is the record; what was offered beyond it goes
		return err
	}
	if err := ledger.Record(ctx, tx, officer, "", ledger.Step{
		Kind: ledger.Approved, Agreement: t.Agreement, Version: t.Version, Share: t.Share, Partner: t.Partner, Direction: ledger.Out, Type: string(envelope.Share),
		Thread: t.ID, Purpose: t.Purpose, Kept: o.Keep, Flaws: flawsOf(fields),
	}); err != nil {
		return err
	}
	if share, known := v.Share(t.Share); known {
		if err := r.left(ctx, tx, t, share, g.Item, o.Keep, officer); err != nil {
			return err
		}
		if err := r.lend(ctx, tx, t, share, g.Item); err != nil {
			return err
		}
	}
	return r.keep(ctx, tx, v, t, t.ID, ledger.Out, fields, o, now)
}

// LetOut is the yes or no of another person to something that would be given unasked.
func (r *Room) LetOut(ctx context.Context, by access.Principal, id string, yes bool, reason string) (Thread, error) {
	reason = strings.TrimSpace(reason)
	err := r.attempt(ctx, func(ctx context.Context, tx store.Tx) (refusal, err error) {
		t, v, share, err := r.openThread(ctx, tx, id)
		switch {
		case err != nil:
			return nil, err
		case !mayRelease(v, share, by.Role):
			return nil, api.Errorf(api.Forbidden, "releasing %s is for the role %s", share.ID, v.Role(share.Approval.Role))
		case t.State != Draft && t.State != Half || t.Kind != gives:
			return nil, t.conflict("nothing of it waits to be released")
		case t.Requester == by.Name:
			return nil, api.Errorf(api.Forbidden, "somebody else releases what you give")
		case !yes && reason == "":
			return nil, api.Errorf(api.Unprocessable, "say why not: whoever gives it reads it")
		}
		a := Approval{Stage: toRelease, By: by.Name, Role: string(by.Role), Approve: yes, Reason: reason, At: r.now()}
		if !yes {
			t.answer(r.now(), Withdrawn, "")
			t.Reason = reason
			if err := r.vault.destroy(ctx, tx, t.ID); err != nil {
				return nil, err
			}
		} else {
			var g waitingGift
			body, err := r.vault.get(ctx, tx, t.ID)
			if err != nil {
				return nil, err
			}
			if err := json.Unmarshal(body, &g); err != nil {
				return nil, err
			}
			approved, err := approvals(ctx, tx, id)
			if err != nil {
				return nil, err
			}
			o, err := r.weighGift(ctx, tx, v, &t, &g, append(approved, a), by)
			switch {
			case err != nil:
				return nil, err
			case o.Verdict == agreement.Refuse:
				return refusedByAgreement(o), nil
			case o.Verdict == agreement.Need:
				t.State = Half
			default:
				t.AskedAt = r.now()
				if err := r.sendGift(ctx, tx, v, &t, &g, o, by.Name); err != nil {
					return nil, err
				}
			}
		}
		if err := a.save(ctx, tx, id); err != nil {
			return nil, err
		}
		return nil, r.changed(ctx, tx, &t)
	})
	if err != nil {
		return Thread{}, err
	}
	return r.thread(ctx, r.store.Read(), id)
}

// Breach tells the partner of an incident that touched what it gave.
func (r *Room) Breach(ctx context.Context, by access.Principal, id, what, whose, measures string, found time.Time) error {
	v, own, partner, err := r.inForceHere(ctx, id)
	if err != nil {
		return err
	}
	if strings.TrimSpace(what) == "" {
		return api.Errorf(api.Unprocessable, "say what happened")
	}
	body, err := json.Marshal(breach{What: what, Whose: whose, Measures: measures, Found: found})
	if err != nil {
		return err
	}
	return r.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		if _, err := r.Post.Send(ctx, tx, post.Draft{
			Type: envelope.Breach, Agreement: named(v.Agreement), From: speaker(v.Agreement, own), To: speaker(v.Agreement, partner),
			Officer: r.pseudonym(by.Name), Urgent: true, Body: body,
		}); err != nil {
			return err
		}
		if err := ledger.Record(ctx, tx, by.Name, string(by.Role), ledger.Step{
			Kind: ledger.Marked, Agreement: id, Version: v.Number, Partner: partner.ID, Direction: ledger.Out, Type: string(envelope.Breach), Code: "breach", Reason: what,
		}); err != nil {
			return err
		}
		return r.announce(ctx, tx, "agreement", id)
	})
}

// AskConsent asks the giver whether what it gave may be passed on, or used for another purpose. Until it says yes, neither
// may be.
func (r *Room) AskConsent(ctx context.Context, by access.Principal, id, what, to, purpose, why string) (Thread, error) {
	return r.act(ctx, by, id, "exchange.consent-ask", func(_ store.Tx, t *Thread, v Version, share *agreement.Share) (post.Draft, error) {
		switch {
		case !t.got() || !t.has():
			return post.Draft{}, t.conflict("nothing was received in it")
		case what != "onward" && what != "purpose", what == "onward" && strings.TrimSpace(to) == "", what == "purpose" && strings.TrimSpace(purpose) == "":
			return post.Draft{}, api.Errorf(api.Unprocessable, "consent is asked for onward, with to, or for purpose, with the purpose")
		case what == "onward" && (share.Onward == nil || share.Onward.Rule == "forbid"):
			return post.Draft{}, api.Errorf(api.Unprocessable, "the agreement forbids passing this on: there is nothing to ask").With("clause", "shares."+share.ID+".onward.rule")
		case strings.TrimSpace(why) == "":
			return post.Draft{}, api.Errorf(api.Unprocessable, "say why")
		}
		body, err := json.Marshal(consentAsk{Reference: t.Reference, For: what, To: strings.TrimSpace(to), Purpose: strings.TrimSpace(purpose), Why: strings.TrimSpace(why)})
		t.Attention, t.choice = "consent_asked", string(body) // what a yes will allow
		return r.inThread(envelope.ConsentAsk, v, t, t.message, by.Name, body), err
	})
}

// Consent answers the partner's question whether it may pass on what it was given, or use it for another purpose.
func (r *Room) Consent(ctx context.Context, by access.Principal, id string, yes bool, conditions string) (Thread, error) {
	return r.act(ctx, by, id, "exchange.consent", func(tx store.Tx, t *Thread, v Version, share *agreement.Share) (post.Draft, error) {
		switch {
		case !mayRelease(v, share, by.Role):
			return post.Draft{}, api.Errorf(api.Forbidden, "consenting is for the role %s", v.Role(share.Approval.Role))
		case t.Attention != "consent":
			return post.Draft{}, t.conflict("the partner did not ask for consent")
		}
		t.Attention, t.choice = map[bool]string{true: "consented", false: "not_consented"}[yes], ""
		body, err := json.Marshal(consent{For: t.ID, Yes: yes, Conditions: strings.TrimSpace(conditions)})
		if err != nil {
			return post.Draft{}, err
		}
		kind := ledger.Declined
		if yes {
			kind = ledger.Approved
		}
		return r.inThread(envelope.Consent, v, t, t.message, by.Name, body), ledger.Record(ctx, tx, by.Name, string(by.Role), ledger.Step{
			Kind: kind, Agreement: t.Agreement, Version: t.Version, Share: t.Share, Partner: t.Partner, Direction: ledger.Out,
			Type: string(envelope.Consent), Thread: t.ID, Reason: strings.TrimSpace(conditions),
		})
	})
}

// Pend tells the asker that an answer needs longer, and why; a court's delay moves the clock.
func (r *Room) Pend(ctx context.Context, by access.Principal, id, cause string, expected time.Time) (Thread, error) {
	return r.act(ctx, by, id, "exchange.pend", func(tx store.Tx, t *Thread, v Version, _ *agreement.Share) (post.Draft, error) {
		switch {
		case t.Direction != ledger.In || t.Kind != asks || t.ended():
			return post.Draft{}, t.conflict("no answer is due in it")
		case !slices.Contains([]string{"HUMAN", "JUDICIAL", "QUEUE"}, cause):
			return post.Draft{}, api.Errorf(api.Unprocessable, "the cause is HUMAN, JUDICIAL or QUEUE")
		case !expected.After(r.now()):
			return post.Draft{}, api.Errorf(api.Unprocessable, "say when the answer is expected")
		}
		if cause == "JUDICIAL" && expected.After(t.Due) {
			t.Due = expected
		}
		body, err := json.Marshal(pendingNotice{Expected: expected, Cause: cause})
		if err != nil {
			return post.Draft{}, err
		}
		return r.inThread(envelope.Pending, v, t, t.message, by.Name, body), ledger.Record(ctx, tx, by.Name, string(by.Role), ledger.Step{
			Kind: ledger.Approved, Agreement: t.Agreement, Version: t.Version, Share: t.Share, Partner: t.Partner, Direction: ledger.Out,
			Type: string(envelope.Pending), Thread: t.ID, Code: cause, Due: expected,
		})
	})
}

// Dispute marks what was given as contested, or settled; Restrict keeps it for redress alone. Both travel to the receiver.
func (r *Room) Dispute(ctx context.Context, by access.Principal, id, reference string, on bool) (Thread, error) {
	return r.act(ctx, by, id, "exchange.dispute", func(tx store.Tx, t *Thread, v Version, _ *agreement.Share) (post.Draft, error) {
		given, err := r.gave(ctx, tx, t, reference)
		switch {
		case err != nil:
			return post.Draft{}, err
		case len(given) > 1 && t.Subjects > 1:
			return post.Draft{}, t.several()
		}
		t.Attention = map[bool]string{true: "contested", false: "settled"}[on]
		body, err := json.Marshal(flag{Reference: given[0].Reference, On: on})
		return r.inThread(envelope.Flag, v, t, t.message, by.Name, body), err
	})
}

// Restrict tells the receiver to keep what it was given for redress only.
func (r *Room) Restrict(ctx context.Context, by access.Principal, id, reference, cause string) (Thread, error) {
	return r.act(ctx, by, id, "exchange.restrict", func(tx store.Tx, t *Thread, v Version, _ *agreement.Share) (post.Draft, error) {
		given, err := r.gave(ctx, tx, t, reference)
		if err != nil {
			return post.Draft{}, err
		}
		t.Attention = "restricted"
		body, err := json.Marshal(erasure{References: referencesOf(given), Cause: cause})
		return r.inThread(envelope.Restrict, v, t, t.message, by.Name, body), err
	})
}
