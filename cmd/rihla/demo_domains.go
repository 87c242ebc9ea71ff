package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/app"
	"github.com/rihla/rihla/internal/synth"
)

// besides files what else comes over a border than people: waybills, declarations and payments, indicators and logs. It
// comes once, with the first day's flights; what travellers declared to the other state goes to that state's node.
func besides(ctx context.Context, nodes [2]*app.Node) error {
	client := &http.Client{Timeout: time.Minute}
	defer client.CloseIdleConnections()
	w := synth.Generate(demoBesides())
	for i, list := range [][]synth.Message{w.Messages, w.Partner} {
		filers := map[string]string{}
		for _, m := range list {
			if i == 0 && m.Domain == "" {
				continue
			}
			key, err := filerKey(ctx, nodes[i], filers, m.Carrier, nil)
			if err != nil {
				return err
			}
			if err := file(ctx, client, nodes[i].URL(), key, m.Body); err != nil {
				return err
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(demoRush):
			}
		}
	}
	<-ctx.Done()
	return ctx.Err()
}

// demoBesides is the first state's first day with all that crosses its border.
func demoBesides() synth.Options {
	o := demoWorld(&demoStates[0], 0)
	o.Cargo, o.Funds, o.Cyber = 1, 1, 1
	return o
}

// filerKey is the key of whoever files, made when they first do.
func filerKey(ctx context.Context, n *app.Node, made map[string]string, name string, carriers []string) (string, error) {
	if key := made[name]; key != "" {
		return key, nil
	}
	who := name
	switch {
	case who == "":
		who = "unnamed"
	case carriers != nil:
		who += " airline"
	}
	key, err := n.Access.CreateKey(ctx, "demo", access.NewKey{Role: access.Filer, Name: who, Carriers: carriers})
	made[name] = key
	return key, err
}

// call makes the same call as a page makes, as somebody of a state, and reads the answer into out.
func (s *story) call(state int, as access.Principal, method, path string, body, out any) error {
	id := fmt.Sprint(state, as.Name)
	if s.keys[id] == "" {
		key, err := s.nodes[state].Access.CreateKey(s, "demo", access.NewKey{Role: as.Role, Name: as.Name})
		if err != nil {
			return err
		}
		s.keys[id] = key
	}
	return s.send(state, s.keys[id], method, path, body, out)
}

// send makes a call with a key, or without one, as a traveller does.
func (s *story) send(state int, key, method, path string, body, out any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	q, err := http.NewRequestWithContext(s, method, s.nodes[state].URL()+"/api/v1"+path, bytes.NewReader(text))
	if err != nil {
		return err
	}
	if key != "" {
		q.Header.Set("Authorization", "Bearer "+key)
	}
	q.Header.Set("Content-Type", "application/json")
	a, err := http.DefaultClient.Do(q)
	if err != nil {
		return err
	}
	defer a.Body.Close()
	answer, err := io.ReadAll(a.Body)
	switch {
	case err != nil:
		return err
	case a.StatusCode >= http.StatusBadRequest:
		return &problem{a.StatusCode, fmt.Sprintf("%s %s: %s: %.300s", method, path, a.Status, answer)}
	case out == nil || len(answer) == 0:
		return nil
	}
	return json.Unmarshal(answer, out)
}

// problem is a call that was answered with a problem.
type problem struct {
	status int
	text   string
}

func (e *problem) Error() string { return e.text }

// decide takes a case on and decides it.
func (s *story) decide(as access.Principal, id, outcome, reason string) error {
	if err := s.call(0, as, http.MethodPost, "/cases/"+id+"/claim", nil, nil); err != nil {
		return err
	}
	return s.call(0, as, http.MethodPost, "/cases/"+id+"/decisions", map[string]any{"outcome": outcome, "reason": reason}, nil)
}

// share gives something of the first state's to the partner under an agreement: one person gives it, another lets it out
// where the agreement asks for that, and somebody of the other state sees it.
func (s *story) share(agreement, share, purpose, item, why string, by, other, reader access.Principal) error {
	var thread struct{ ID, State string }
	gift := map[string]any{"share": share, "purpose": purpose, "item": item, "justification": why, "case_ref": "D-" + share, "human_confirmed": true}
	var shown struct {
		Leaves   []struct{ Field string }
		Withheld []struct{ Field string }
	}
	if err := s.call(0, by, http.MethodPost, "/exchange/"+agreement+"/share-preview", gift, &shown); err != nil {
		return err
	}
	if err := s.call(0, by, http.MethodPost, "/exchange/"+agreement+"/shares", gift, &thread); err != nil {
		return err
	}
	if thread.State == "draft" {
		if err := s.call(0, other, http.MethodPost, "/exchange/threads/"+thread.ID+"/approval", map[string]any{"approve": true}, nil); err != nil {
			return err
		}
		s.say(0, "%s gives the partner %d fields under %s, %s lets them out; %d stay here", by.Name, len(shown.Leaves), share, other.Name, len(shown.Withheld))
	} else {
		s.say(0, "%s gives the partner %d fields under %s, as both states agreed it may leave at once", by.Name, len(shown.Leaves), share)
	}
	err := s.until("what was given", func() (bool, error) {
		err := s.call(1, reader, http.MethodGet, "/exchange/threads/"+thread.ID, nil, nil)
		if t, ok := err.(*problem); ok && t.status == http.StatusNotFound { //nolint:errorlint // it comes unwrapped
			return false, nil
		}
		return err == nil, err
	})
	if err == nil {
		s.say(1, "%s has it (Exchange)", reader.Name)
	}
	return err
}

// cargo has a consignment referred before loading: its filer is told to have it screened, and the partner is told too.
func (s *story) cargo() error {
	tariq, layla, tom := demoStates[0].as(access.Targeter), demoStates[0].beside(access.Targeter), demoStates[1].as(access.Targeter)
	type row struct {
		ID, Case, Master, House, Goods string
		Kinds                          []string
	}
	var found row
	if err := s.until("a consignment to be looked at", func() (bool, error) {
		var page struct{ Items []row }
		err := s.call(0, tariq, http.MethodGet, "/cargo/referrals?rule=cargo-undeclared-dangerous", nil, &page)
		for _, r := range page.Items {
			if r.Case != "" {
				found = r
				return true, nil
			}
		}
		return false, err
	}); err != nil {
		return err
	}
	name := strings.TrimSuffix(found.Master+" / "+found.House, " / ")
	s.say(0, "%s looks at %s, %q: goods that may be dangerous, declared as none", tariq.Name, name, found.Goods)
	question := map[string]any{"kind": "rfs", "asks": []string{}, "method": "XRY", "text": "Screen by X-ray, every piece, and tell what the batteries are."}
	if err := s.call(0, tariq, http.MethodPut, "/cargo/consignments/"+url.PathEscape(found.ID)+"/question", question, nil); err != nil {
		return err
	}
	if err := s.decide(tariq, found.Case, "rfs", "The text hints at lithium batteries and the waybill has no handling code for them."); err != nil {
		return err
	}
	s.say(0, "%s asks for screening: whoever filed it is told 8H in its own format, and may not load it until that is lifted", tariq.Name)
	return s.share("demo-cargo", "G1", "aviation-security", found.ID, "Undeclared batteries are likely; the consignment is bound for the partner's airport.", tariq, layla, tom)
}

// funds has a declaration that does not agree with what was counted decided and given to the partner's unit.
func (s *story) funds() error {
	faisal, mona, frank := demoStates[0].as(access.FIU), demoStates[0].beside(access.FIU), demoStates[1].as(access.FIU)
	type item struct {
		ID, Ref string
		Differs bool
	}
	var found item
	var whole struct{ Cases []string }
	if err := s.until("a declaration that is not true", func() (bool, error) {
		var page struct{ Items []item }
		if err := s.call(0, faisal, http.MethodGet, "/funds/declarations?limit=100&differs=true", nil, &page); err != nil {
			return false, err
		}
		for _, d := range page.Items {
			if !d.Differs {
				continue
			}
			found = d
			err := s.call(0, faisal, http.MethodGet, "/funds/declarations/"+url.PathEscape(d.ID), nil, &whole)
			return err == nil && len(whole.Cases) > 0, err
		}
		return false, nil
	}); err != nil {
		return err
	}
	s.say(0, "%s looks at declaration %s: less was declared than was counted", faisal.Name, found.Ref)
	if err := s.decide(faisal, whole.Cases[0], "referred", "The traveller declared less than was counted; customs has the cash."); err != nil {
		return err
	}
	return s.share("demo-funds", "F3", "money-laundering", found.ID, "A false declaration by a traveller between the two states.", faisal, mona, frank)
}

// cyber has an indicator that was seen in a log here decided and given to the partner.
func (s *story) cyber() error {
	rashid, reem, rick := demoStates[0].as(access.Responder), demoStates[0].beside(access.Responder), demoStates[1].as(access.Responder)
	type indicator struct {
		ID, Display, TLP string
		Confidence       int
	}
	var found indicator
	if err := s.until("an indicator seen in a log", func() (bool, error) {
		var page struct{ Items []indicator }
		err := s.call(0, rashid, http.MethodGet, "/cyber/indicators?sighted=true&state=active&limit=200", nil, &page)
		for _, i := range page.Items {
			if i.TLP != "TLP:RED" && i.TLP != "" && i.Confidence >= 50 {
				found = i
				return true, nil
			}
		}
		return false, err
	}); err != nil {
		return err
	}
	s.say(0, "%s sees %s in a log of this state, an indicator shared as %s", rashid.Name, found.Display, found.TLP)
	var queue struct {
		Items []struct{ ID, State string }
	}
	if err := s.call(0, rashid, http.MethodGet, "/cases?domain=cyber&state=open", nil, &queue); err != nil {
		return err
	}
	if len(queue.Items) > 0 {
		if err := s.decide(rashid, queue.Items[0].ID, "contained", "The machine was taken off the network and is being made anew."); err != nil {
			return err
		}
		s.say(0, "%s decides the machine's case: contained", rashid.Name)
	}
	return s.share("demo-cyber", "C1", "defence", found.ID, "", rashid, reem, rick)
}
