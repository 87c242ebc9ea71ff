package main

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/facilitation/form"
	"github.com/rihla/rihla/internal/travel"
)

// entry shows how nearly everybody gets through faster: a permit that a rule grants while its applicant looks on, and a
// member whom an officer enrols and whom the carrier's next question makes a member of that flight's fast lane.
func (s *story) entry() error {
	if err := s.permit(); err != nil {
		return err
	}
	number, err := s.member()
	if err != nil {
		return err
	}
	return s.memberFlies(number)
}

func genuine() *form.Chip {
	return &form.Chip{Read: true, Passive: &form.PassiveAuthentication{Hash: true, Signature: true, Chain: true}}
}

func (s *story) permit() error {
	own, err := s.applies(&form.Form{
		Schema: form.Authorisation, State: "BH",
		Applicant: form.Applicant{
			FamilyName: "TESTER", GivenNames: "MARIA", Born: "1966-02-28", Sex: "F", Nationality: "PRT",
			Document: form.Document{Type: "P", Number: "CA991122", Issuer: "PRT", Expiry: "2030-06-30", Chip: genuine(),
				MRZ: []string{"P<PRTTESTER<<MARIA<<<<<<<<<<<<<<<<<<<<<<<<<<", "CA991122<0PRT6602288F3006302<<<<<<<<<<<<<<<4"}},
		},
		Contact: form.Contact{Email: "maria@mail.example", Language: "en"},
		Purpose: "tourism", Arrival: time.Now().AddDate(0, 0, 6).Format(time.DateOnly), HostAddress: form.Place{City: "Manama", Country: "BH"},
		Declarations: form.Declared{"convictions": false, "overstay": false}, SelfieMatch: .93,
	}, "granted", "pending")
	if err != nil {
		return err
	}
	s.say(0, "Maria Tester asks for an authorisation to travel; nothing speaks against her, and it is %s: %s", own.State, own.Reference)
	return nil
}

// member has somebody apply, be looked at, come to the interview and be enrolled; the number is hers.
func (s *story) member() (number string, err error) {
	noor := demoStates[0].as(access.Officer)
	own, err := s.applies(&form.Form{
		Schema: form.Membership, Program: "bh-expedited", Home: "BH", Host: "BH",
		Applicant: form.Applicant{
			FamilyName: "ALSAMPLE", GivenNames: "LAYLA", Born: "1991-04-02", Sex: "F", Nationality: "BHR",
			Document: form.Document{Type: "P", Number: "P2233445", Issuer: "BHR", Expiry: "2031-03-31", Chip: genuine(),
				MRZ: []string{"P<BHRALSAMPLE<<LAYLA<<<<<<<<<<<<<<<<<<<<<<<<", "P2233445<0BHR9104026F3103315<<<<<<<<<<<<<<<4"}},
		},
		Contact:      form.Contact{Email: "layla@mail.example", Phone: "+97330000111", Language: "ar"},
		Addresses:    []form.Address{{From: time.Now().AddDate(-6, 0, 0).Format("2006-01"), Lines: []string{"Road 4412"}, City: "Muharraq", Country: "BH"}},
		Work:         []form.Work{{From: time.Now().AddDate(-7, 0, 0).Format("2006-01"), Employer: "Invented Clinic WLL", Role: "Pharmacist", Country: "BH"}},
		Travel:       []string{"AE", "GB"},
		Declarations: form.Declared{"convictions": false, "customs_penalty": false, "visa_refused": false},
		Consent: &form.Consent{Version: "c-2026-02", Language: "ar", GivenAt: time.Now().UTC().Format(time.RFC3339), Ref: "CNS-7f21",
			Allows: []string{"own_state_checks", "partner_vetting"}},
		Payment: &form.Payment{Amount: "45.000", Currency: "BHD", Ref: "PAY-1"},
	}, "in_check")
	if err != nil {
		return "", err
	}
	s.say(0, "Layla Alsample applies to be a trusted traveller: %s", own.Reference)
	var desk struct {
		Items []struct{ ID, Reference string }
	}
	if err := s.call(0, noor, http.MethodGet, "/facilitation/applications?kind=membership&q="+own.Reference, nil, &desk); err != nil {
		return "", err
	}
	if len(desk.Items) != 1 {
		return "", fmt.Errorf("the desk has %d applications %s", len(desk.Items), own.Reference)
	}
	move := func(to, reason string) error {
		var page struct{ Number string }
		err := s.call(0, noor, http.MethodPost, "/facilitation/applications/"+desk.Items[0].ID+"/moves", map[string]any{"to": to, "reason": reason}, &page)
		number = page.Number
		return err
	}
	if err := move("conditional", "Nothing was found on any list, and the document's chip is genuine."); err != nil {
		return "", err
	}
	var days struct {
		Items []struct{ Day, Hall string }
	}
	if err := s.send(0, "", http.MethodPost, "/applications/interview-days", own, &days); err != nil {
		return "", err
	}
	if len(days.Items) == 0 {
		return "", fmt.Errorf("there is no day for an interview")
	}
	if err := s.send(0, "", http.MethodPost, "/applications/interview", map[string]string{
		"reference": own.Reference, "secret": own.Secret, "day": days.Items[0].Day, "hall": days.Items[0].Hall,
	}, nil); err != nil {
		return "", err
	}
	if err := move("enrolled", "Came to the interview with the passport applied with."); err != nil {
		return "", err
	}
	if err := move("active", "Interview and checks done."); err != nil {
		return "", err
	}
	s.say(0, "%s enrols her after the interview: she is member %s", noor.Name, number)
	return number, nil
}

// memberFlies has the carrier name the member's number at check-in.
func (s *story) memberFlies(number string) error {
	noor := demoStates[0].as(access.Officer)
	key, err := s.nodes[0].Access.CreateKey(s, "demo", access.NewKey{Role: access.Filer, Name: "ZZ check-in 2", Carriers: []string{"ZZ"}})
	if err != nil {
		return err
	}
	text, err := s.asCarrier(key, http.MethodPost, "/reports", checkIn(9, time.Now(), demoPerson{"ALSAMPLE", "LAYLA", "F", "910402", "P2233445"}, "BHR", "RFF+CR:"+number+"'"))
	if err != nil {
		return err
	}
	s.say(0, "ZZ asks whether she may board, with her number, and is answered: %s", said(text))
	lane, why := "", []string{}
	if err := s.until("the lane of a member", func() (bool, error) {
		var board struct{ Items []travel.Flight }
		if err := s.call(0, noor, http.MethodGet, "/flights?carrier=ZZ&number=4471", nil, &board); err != nil || len(board.Items) == 0 {
			return false, err
		}
		var lanes struct {
			Items []struct {
				Name, Lane string
				Reasons    []string
			}
		}
		if err := s.call(0, noor, http.MethodGet, "/flights/"+board.Items[0].ID+"/lanes", nil, &lanes); err != nil {
			return false, err
		}
		for _, p := range lanes.Items {
			if p.Name == "ALSAMPLE, LAYLA" {
				lane, why = p.Lane, p.Reasons
			}
		}
		return lane != "", nil
	}); err != nil {
		return err
	}
	s.say(0, "her lane on arrival is the %s lane%s", lane, because(why))
	return nil
}

// ownPage is what an applicant holds, and sees of the application.
type ownPage struct {
	Reference string `json:"reference"`
	Secret    string `json:"secret,omitempty"`
	State     string `json:"state,omitempty"`
}

// applies files an application as anybody does, and waits until it stands in one of some states.
func (s *story) applies(f *form.Form, states ...string) (own ownPage, err error) {
	if err := s.send(0, "", http.MethodPost, "/applications", f, &own); err != nil {
		return own, err
	}
	return own, s.until("an application to be taken in", func() (bool, error) {
		now := ownPage{}
		err := s.send(0, "", http.MethodPost, "/applications/status", map[string]string{"reference": own.Reference, "secret": own.Secret}, &now)
		if missing := (*problem)(nil); errors.As(err, &missing) && missing.status == http.StatusNotFound {
			return false, nil
		}
		own.State = now.State
		return slices.Contains(states, now.State), err
	})
}

// because tells the reasons for a lane, where there are any.
func because(reasons []string) string {
	if len(reasons) == 0 {
		return ""
	}
	return ": " + strings.Join(reasons, ", ")
}
