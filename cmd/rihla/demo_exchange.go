package main

import (
	"bytes"
	"context"
	"embed"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/app"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/sharing"
	"github.com/rihla/rihla/internal/sharing/post"
	"github.com/rihla/rihla/internal/travel"
)

// What makes the demonstration's exchange go by faster than life.
const (
	demoReplyFloor = 2 * time.Second
	demoRelist     = 2 * time.Second
	demoPatience   = 3 * time.Minute // for one step of the story
	demoListed     = 4               // passengers of one state who are on the other's list
)

//go:embed demo
var demoAgreements embed.FS

// demoDomains are the domains that the two states agree on, each in an agreement of its own.
var demoDomains = []string{"travel", "lists", "cargo", "funds", "cyber"}

// story is what people of the two states do in the demonstration, by the same calls as the pages make.
type story struct {
	context.Context
	nodes [2]*app.Node
	out   io.Writer
	keys  map[string]string // of whom the story has act, by state and name
}

// exchangeStory has the two states sign an agreement and exchange under it: a private match, a question, a person's yes,
// core data, a report of what came of it, a suspension, and the review's meeting. It ends where a visitor goes on.
func exchangeStory(ctx context.Context, nodes [2]*app.Node, out io.Writer) error {
	s := story{ctx, nodes, out, map[string]string{}}
	flight, people, err := s.departing()
	if err == nil {
		err = s.list(people) // before the agreement begins, so that the partner's first private list has them
	}
	if err == nil {
		err = s.meet()
	}
	for _, domain := range demoDomains {
		if err == nil {
			err = s.sign(domain)
		}
	}
	if err == nil {
		err = s.exchange(flight, people)
	}
	if err != nil && ctx.Err() == nil { // what there is can be looked at all the same
		s.say(0, "here the story of the exchange breaks off: %v", err)
		return nil
	}
	for _, tell := range []func() error{s.shareLists, s.family, s.entry, s.cyber, s.cargo, s.funds} {
		if err := tell(); err != nil && ctx.Err() == nil { // a slow machine is no reason to end what can be looked at
			s.say(0, "here the story breaks off: %v", err)
		}
	}
	return nil
}

func (s *story) say(state int, format string, args ...any) {
	fmt.Fprintf(s.out, "%s  %s: %s\n", time.Now().Format("15:04:05"), demoStates[state].name, fmt.Sprintf(format, args...))
}

// until waits for something to have happened.
func (s *story) until(what string, happened func() (bool, error)) error {
	within, cancel := context.WithTimeout(s, demoPatience)
	defer cancel()
	for {
		done, err := happened()
		if err != nil || done {
			return err
		}
		select {
		case <-within.Done():
			return fmt.Errorf("%s: not within %s", what, demoPatience)
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// meet exchanges the two cards, as people would by hand.
func (s *story) meet() error {
	var cards [2]post.Card
	for i, n := range s.nodes {
		d := &demoStates[i]
		var err error
		if cards[i], err = n.Exchange.Post.OwnCard(s, "demo", post.Card{
			Party: d.party, Country: d.country, URL: "https://" + n.ShareAddress(), Authorities: authoritiesOf(d),
		}); err != nil {
			return err
		}
	}
	for i, n := range s.nodes {
		if err := n.Exchange.Post.Trust(s, "demo", cards[1-i]); err != nil {
			return err
		}
	}
	return nil
}

func authoritiesOf(d *demoState) (all []post.CardAuthority) {
	for _, id := range d.authorities {
		all = append(all, post.CardAuthority{ID: id})
	}
	return all
}

// sign has both states sign the agreement on a domain.
func (s *story) sign(domain string) error {
	text, err := demoAgreements.ReadFile("demo/" + domain + ".yaml")
	if err != nil {
		return err
	}
	today := time.Now().UTC()
	document := strings.NewReplacer(
		"EFFECTIVE", today.AddDate(0, -1, 0).Format(time.DateOnly), "EXPIRES", today.AddDate(3, 0, 0).Format(time.DateOnly),
		"STANDING", today.AddDate(0, 9, 0).Format(time.DateOnly),
	).Replace(string(text))
	first, second := demoStates[0].as(access.Supervisor), demoStates[1].as(access.Supervisor)
	v, err := s.nodes[0].Exchange.Propose(s, first, []byte(document))
	if err != nil {
		return err
	}
	id, digest := v.Metadata.ID, v.Digest
	if _, err := s.nodes[0].Exchange.Sign(s, first, id, digest); err != nil {
		return err
	}
	s.say(0, "%s proposes the agreement %s and signs it", first.Name, id)
	if err := s.until("the proposal", func() (bool, error) {
		p, err := s.nodes[1].Exchange.Agreement(s, id, 0)
		if errors.Is(err, &api.Error{Kind: api.NotFound}) {
			return false, nil
		}
		return err == nil && len(p.Versions[0].Signatures) > 0, err
	}); err != nil {
		return err
	}
	if _, err := s.nodes[1].Exchange.Sign(s, second, id, digest); err != nil {
		return err
	}
	s.say(1, "%s countersigns: it is in force", second.Name)
	return s.until("the agreement", func() (bool, error) {
		p, err := s.nodes[0].Exchange.Agreement(s, id, 0)
		return err == nil && p.State == "in force", err
	})
}

const demoID = "demo-travel"

// exchange is the story of a flight of the first state.
func (s *story) exchange(flight travel.Flight, people []travel.Passenger) error {
	huda, salman := demoStates[0].as(access.Analyst), demoStates[0].as(access.Supervisor)
	var q sharing.Question
	var t sharing.Thread
	var err error
	for attempt := 0; ; attempt++ {
		var run sharing.MatchRun
		if run, err = s.match(huda, flight); err != nil {
			return err
		}
		q, t, err = s.askOn(huda, run)
		if !errors.Is(err, &api.Error{Kind: api.NotFound}) || attempt == 2 {
			break
		}
	}
	if err != nil {
		return err
	}
	if t, err = s.nodes[0].Exchange.Approve(s, salman, t.ID, true, ""); err != nil {
		return err
	}
	s.say(0, "%s asks about one of them, %s approves", huda.Name, salman.Name)
	if err := s.release(t, "hit"); err != nil {
		return err
	}
	if t, err = s.nodes[0].Exchange.Outcome(s, huda, t.ID, "confirmed_same"); err != nil {
		return err
	}
	core := sharing.Question{
		Share: "T3", Purpose: q.Purpose, CaseRef: q.CaseRef, OffenceCode: q.OffenceCode, Confirmed: true, PriorReference: t.Reference,
		Justification: "The hit was confirmed by an officer here; who it is must be settled before arrival.",
		Facts:         "A passenger of today's flight, whose document and date of birth are those of the entry; he arrives this evening.",
	}
	if t, err = s.ask(core); err != nil {
		return err
	}
	if err := s.release(t, "data"); err != nil {
		return err
	}
	if _, err := s.nodes[0].Exchange.Outcome(s, huda, t.ID, "useful"); err != nil {
		return err
	}
	s.say(0, "%s reports back that it was the same person, and that the data was of use", huda.Name)
	if err := s.suspension(); err != nil {
		return err
	}
	if err := s.leave(); err != nil {
		return err
	}
	return s.review()
}

// match asks in private who of a flight is on the partner's list.
func (s *story) match(huda access.Principal, flight travel.Flight) (sharing.MatchRun, error) {
	run, err := s.nodes[0].Matches.Start(s, huda, demoID, sharing.MatchQuestion{Flight: flight.ID})
	if err != nil {
		return run, err
	}
	s.say(0, "%s asks in private which of %d passengers of %s%s are on the partner's list", huda.Name, run.Passengers, flight.Carrier, flight.Number)
	if err := s.until("the private match", func() (bool, error) {
		run, err = s.nodes[0].Matches.Read(s, huda, run.ID)
		return err == nil && !run.EndedAt.IsZero(), err
	}); err != nil {
		return run, err
	}
	if run.State != sharing.MatchDone || len(run.Hits) == 0 {
		return run, fmt.Errorf("the private match is %s (%s) with %d hits", run.State, run.Code, len(run.Hits))
	}
	s.say(0, "%d are, by %d keys; the partner learned neither who was asked about nor who was found", len(run.Hits), run.Asked)
	return run, nil
}

// askOn asks on about one of those whom a private match found. The day goes on meanwhile: one who is no longer on the
// flight is passed over.
func (s *story) askOn(by access.Principal, run sharing.MatchRun) (q sharing.Question, t sharing.Thread, err error) {
	for _, hit := range run.Hits {
		if q, err = s.nodes[0].Matches.Lead(s, by, run.ID, hit.Passenger); err == nil {
			q.CaseRef, q.OffenceCode, q.Confirmed = "D-1", "0201", true
			t, err = s.nodes[0].Matches.AskOn(s, by, run.ID, hit.Passenger, q)
		}
		if !errors.Is(err, &api.Error{Kind: api.NotFound}) {
			break
		}
	}
	return q, t, err
}

// departing finds a flight of the first state that is known and still ahead, with grown-ups to be listed by the second. One
// whose passengers were listed at check-in is better: who they are will hardly change any more.
func (s *story) departing() (flight travel.Flight, people []travel.Passenger, err error) {
	domain, ok := s.nodes[0].Domains[0].(*travel.Domain)
	if !ok {
		return flight, nil, errors.New("the first domain is not travel")
	}
	const settles = 15 * time.Second // for flights at check-in to come in
	today := time.Now()
	err = s.until("a flight", func() (bool, error) {
		flights, err := domain.Board(s, today.Format(time.DateOnly), today.AddDate(0, 0, 2).Format(time.DateOnly))
		if err != nil {
			return false, err
		}
		for _, f := range flights {
			all, err := domain.Manifest(s, f.ID)
			if err != nil {
				return false, err
			}
			people = people[:0]
			for _, p := range all {
				if len(people) < demoListed && p.Role == "passenger" && len(p.Born) == len(time.DateOnly) && p.Born < "2000" && len(p.Documents) > 0 && p.Surname != "" && p.Given != "" {
					people = append(people, p)
				}
			}
			if len(people) == demoListed && len(all) > 40 && (f.API.Received > 0 || time.Since(today) > settles) {
				flight = f
				return true, nil
			}
		}
		return false, nil
	})
	return flight, people, err
}

// list enters some passengers of the first state in a list of the second: the first as the airline has him, the others
// with what lists and airlines write differently.
func (s *story) list(people []travel.Passenger) error {
	var data bytes.Buffer
	w := csv.NewWriter(&data)
	rows := [][]string{{"id", "surname", "given", "born", "sex", "nationality", "documents", "reason", "instruction"}}
	for i, p := range people {
		document := ""
		if i == 0 {
			document = "P:" + p.Documents[0].Number + ":" + p.Documents[0].Issuer
		}
		rows = append(rows, []string{
			fmt.Sprintf("NTC-%d", 101+i), p.Surname, p.Given, p.Born, p.Sex, p.Nationality, document, "Invented inquiry of the demonstration", "Tell the duty officer",
		})
	}
	if err := w.WriteAll(rows); err != nil {
		return err
	}
	by := demoStates[1].as(access.Supervisor)
	_, err := screening.LoadList(s, s.nodes[1].Store, screening.Upload{
		Name: "targeting", By: by.Name, Role: string(by.Role), Files: []lists.File{{Name: "targeting.csv", Data: data.Bytes()}},
	})
	return err
}

// ask has the first state's analyst ask, and its supervisor approve.
func (s *story) ask(q sharing.Question) (sharing.Thread, error) {
	t, err := s.nodes[0].Exchange.Ask(s, demoStates[0].as(access.Analyst), demoID, q)
	if err != nil {
		return t, err
	}
	return s.nodes[0].Exchange.Approve(s, demoStates[0].as(access.Supervisor), t.ID, true, "")
}

// release has the second state's supervisor look at whom a question may mean, and let out the answer.
func (s *story) release(t sharing.Thread, answer string) error {
	walter := demoStates[1].as(access.Supervisor)
	var page sharing.ThreadPage
	if err := s.until("the question", func() (bool, error) {
		var err error
		page, err = s.nodes[1].Exchange.Thread(s, walter, t.ID)
		if errors.Is(err, &api.Error{Kind: api.NotFound}) {
			return false, nil
		}
		return err == nil && len(page.Candidates) > 0, err
	}); err != nil {
		return err
	}
	in := sharing.Release{Answer: answer, Candidate: page.Candidates[0].Ref}
	p, err := s.nodes[1].Exchange.Preview(s, walter, t.ID, in)
	if err != nil {
		return err
	}
	if _, err := s.nodes[1].Exchange.Release(s, walter, t.ID, in); err != nil {
		return err
	}
	s.say(1, "%s releases %d fields under %s and withholds %d", walter.Name, len(p.Leaves), t.Share, len(p.Withheld))
	return s.until("the answer", func() (bool, error) {
		got, err := s.nodes[0].Exchange.Thread(s, demoStates[0].as(access.Supervisor), t.ID)
		return err == nil && got.State == sharing.Answered, err
	})
}

// suspension has the second state stop everything, the first find that nothing goes any more, and the second resume.
func (s *story) suspension() error {
	walter := demoStates[1].as(access.Supervisor)
	if err := s.nodes[1].Exchange.Suspend(s, walter, demoID, "all", "breach", "A drill of the demonstration"); err != nil {
		return err
	}
	s.say(1, "%s suspends the agreement", walter.Name)
	if err := s.until("the suspension", func() (bool, error) {
		p, err := s.nodes[0].Exchange.Agreement(s, demoID, 0)
		return err == nil && p.State == "suspended", err
	}); err != nil {
		return err
	}
	_, err := s.ask(sharing.Question{
		Share: "T2", Purpose: "terrorism", CaseRef: "D-2", OffenceCode: "0201", Confirmed: true, Justification: "A question that must not leave while all is suspended.",
		Subject: &sharing.Person{FamilyName: "Example", GivenNames: "Nobody", DOB: "1980-01-01"},
	})
	if err == nil {
		return errors.New("a question left although the agreement is suspended")
	}
	s.say(0, "the next question does not leave: %s", plainly(err))
	if err := s.nodes[1].Exchange.Resume(s, walter, demoID, "all"); err != nil {
		return err
	}
	s.say(1, "%s resumes it", walter.Name)
	return s.until("the resumption", func() (bool, error) {
		p, err := s.nodes[0].Exchange.Agreement(s, demoID, 0)
		return err == nil && p.State == "in force", err
	})
}

// leave puts a question of the second state on the first one's desk, about somebody on a list there, for a visitor to answer.
func (s *story) leave() error {
	grace, walter := demoStates[1].as(access.Analyst), demoStates[1].as(access.Supervisor)
	who, err := s.listedHere()
	if err != nil {
		return err
	}
	t, err := s.nodes[1].Exchange.Ask(s, grace, demoID, sharing.Question{
		Share: "T2", Purpose: "terrorism", CaseRef: "NTC-7", OffenceCode: "0201", Confirmed: true,
		Justification: "Named by a witness in an invented inquiry; is this person known to you?", Subject: who,
	})
	if err != nil {
		return err
	}
	if _, err := s.nodes[1].Exchange.Approve(s, walter, t.ID, true, ""); err != nil {
		return err
	}
	s.say(1, "%s asks about another traveller: the question waits on the first state's desk (Exchange), for you", grace.Name)
	return nil
}

// listedHere is a grown-up on the first state's own list, as the second state's witness would name them.
func (s *story) listedHere() (*sharing.Person, error) {
	entries, err := screening.Entries(s, s.nodes[0].Store.Read(), "national-watchlist", "", "", 200)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if e.Schema != "Person" || len(e.Births) == 0 || len(e.Births[0]) != len(time.DateOnly) || e.Births[0] > "2000" {
			continue
		}
		for _, n := range e.Names {
			given, family, two := strings.Cut(n.Text, " ")
			if n.Weak || !two || n.Text[0] > 'z' { // in Latin letters
				continue
			}
			p := &sharing.Person{FamilyName: strings.ToUpper(family), GivenNames: strings.ToUpper(given), DOB: e.Births[0]}
			for _, c := range e.Countries {
				if c.Role == "nationality" {
					p.Nationality = c.Code
				}
			}
			return p, nil
		}
	}
	return nil, errors.New("the list of the first state has nobody to ask about")
}

// plainly is what a person is told of a refusal, without its kind.
func plainly(err error) string {
	var e *api.Error
	if errors.As(err, &e) {
		return e.Detail
	}
	return err.Error()
}
