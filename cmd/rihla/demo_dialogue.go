package main

import (
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/sharing/dialogue"
	"github.com/rihla/rihla/internal/sharing/ledger"
)

// demoSettles is how long the figures wait for the last messages.
const demoSettles = 4 * time.Second

// review has the two states hold their dialogue: a round that is over, signed by both, with something undertaken that is
// late by now; and the next one, tomorrow, with the figures that both made of what has just happened. A visitor writes its
// minutes.
func (s *story) review() error {
	salman, walter := demoStates[0].as(access.Supervisor), demoStates[1].as(access.Supervisor)
	host, guest := s.nodes[0].Dialogue, s.nodes[1].Dialogue
	if err := s.lastRound(host, guest, salman, walter); err != nil {
		return err
	}
	tomorrow := time.Now().UTC().AddDate(0, 0, 1)
	days := ledger.Days{From: tomorrow.AddDate(0, -1, 0).Format(time.DateOnly), To: tomorrow.AddDate(0, 0, -1).Format(time.DateOnly)}
	f, err := host.Convene(s, salman, dialogue.Call{
		Agreements: []string{demoID}, Starts: tomorrow, Place: "Manama", Call: "https://meet.example/review", From: days.From, To: days.To,
		Title: "Second review", TitleAr: "المراجعة الثانية", Delegations: demoDelegations(),
	})
	if err != nil {
		return err
	}
	select { // what is on its way arrives and is numbered in both logs: an interim report counts what is
	case <-s.Done():
		return s.Err()
	case <-time.After(demoSettles):
	}
	if _, err := host.Send(s, salman, demoID, days); err != nil {
		return err
	}
	if _, err := guest.Send(s, walter, demoID, days); err != nil {
		return err
	}
	if err := s.until("the partner's figures", func() (bool, error) {
		made, err := host.Report(s, salman, demoID, days, false)
		return err == nil && !made.ReceivedAt.IsZero(), err
	}); err != nil {
		return err
	}
	s.say(0, "%s convenes the review %s; both states' figures are made from their exchange logs and compared (Dialogue)", salman.Name, f.Meeting.Number)
	return nil
}

// lastRound is the round of half a year ago: recorded by the one, countersigned by the other.
func (s *story) lastRound(host, guest *dialogue.Room, salman, walter access.Principal) error {
	then := time.Now().UTC().AddDate(0, -6, 0)
	f, err := host.Convene(s, salman, dialogue.Call{
		Agreements: []string{demoID}, Starts: then, Place: "Manama", Title: "First review", TitleAr: "المراجعة الأولى", Delegations: demoDelegations(),
	})
	if err != nil {
		return err
	}
	id := f.Meeting.ID
	for _, item := range f.Agenda {
		var text dialogue.MinuteText
		switch item.Kind {
		case dialogue.Opening:
			text = dialogue.MinuteText{
				English: "The chairs opened the first review and thanked both delegations.",
				Arabic:  "افتتح رئيسا الوفدين جلسة المراجعة الأولى ورحّبا بأعضاء الوفدين.",
			}
		case dialogue.Report:
			text = dialogue.MinuteText{
				English: "Nothing had been exchanged yet. Both sides agreed to measure reply times from the first question on.",
				Arabic:  "لم يكن قد جرى أي تبادل بعد. واتفق الجانبان على قياس زمن الرد ابتداءً من أول طلب.",
				Reservations: []dialogue.Reservation{{
					Party: demoStates[1].party, English: "Nights and holidays are staffed by one officer only.", Arabic: "لا يعمل في الليل وأيام العطل إلا موظف واحد.",
				}},
			}
		default:
			continue
		}
		if _, err := host.Write(s, salman, id, item.ID, text); err != nil {
			return err
		}
	}
	if _, err := host.Undertake(s, salman, id, dialogue.ActionText{
		Owner: demoStates[1].authorities[0], Text: "Name a second contact for the nights", TextAr: "تسمية جهة اتصال ثانية للفترة الليلية",
		Due: then.AddDate(0, 2, 0).Format(time.DateOnly), Agreement: demoID,
	}); err != nil {
		return err
	}
	if _, err := host.Decide(s, salman, id, dialogue.DecisionText{
		Text: "The duty desks of both sides are each other's first contact.", TextAr: "مكتبا المناوبة لدى الجانبين هما جهة الاتصال الأولى بينهما.",
		Agreement: demoID, Effect: ledger.Effect{Contact: demoStates[0].authorities[0] + ", " + demoStates[1].authorities[0]},
	}); err != nil {
		return err
	}
	if _, err := host.Close(s, salman, id, 0); err != nil {
		return err
	}
	if err := s.until("the record", s.meetingIs(guest, walter, id, dialogue.Offered)); err != nil {
		return err
	}
	if _, err := guest.Close(s, walter, id, 0); err != nil {
		return err
	}
	s.say(1, "%s countersigns the minutes of the first review", walter.Name)
	return s.until("the second signature", s.meetingIs(host, salman, id, dialogue.Closed))
}

func (s *story) meetingIs(room *dialogue.Room, p access.Principal, id string, state dialogue.State) func() (bool, error) {
	return func() (bool, error) {
		page, err := room.Meetings(s, p, dialogue.Query{State: string(state)})
		for _, m := range page.Items {
			if m.ID == id {
				return true, err
			}
		}
		return false, err
	}
}

func demoDelegations() []dialogue.Delegation {
	return []dialogue.Delegation{
		{Party: demoStates[0].party, People: []dialogue.Person{{Name: "Salman Example", Post: "Supervisor"}, {Name: "Huda Example", Post: "Analyst"}}},
		{Party: demoStates[1].party, People: []dialogue.Person{{Name: "Walter Example", Post: "Supervisor"}}},
	}
}
