package main

import (
	"bytes"
	"fmt"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/sharing"
)

const (
	demoListsID = "demo-lists"
	demoLost    = 12 // documents that the second state reports as lost
)

// shareLists has the second state let the first screen by what it lists: lost documents, which leave by themselves, and one
// entry of its watchlist, which an analyst offers and a supervisor releases.
func (s *story) shareLists() error {
	grace, walter := demoStates[1].as(access.Analyst), demoStates[1].as(access.Supervisor)
	var lost bytes.Buffer
	lost.WriteString("document_number,document_type,issuer,status,reported\n")
	for i := range demoLost {
		fmt.Fprintf(&lost, "E%07d,P,USA,%s,2026-0%d-1%d\n", 4400100+37*i, [...]string{"lost", "stolen"}[i%2], 1+i%9, i%10)
	}
	wanted := "id,surname,given,born,sex,nationality,documents,reason,instruction\nNTC-W-1,Invented,Adam Sample,1977-04-12,M,USA,P:E9900113:USA,Invented warrant 9,Refer to the duty officer\n"
	for name, text := range map[string][]byte{"lost-documents": lost.Bytes(), "ntc-wanted": []byte(wanted)} {
		if _, err := screening.LoadList(s, s.nodes[1].Store, screening.Upload{Name: name, By: "demo", Role: "administrator", Files: []lists.File{{Name: name + ".csv", Data: text}}}); err != nil {
			return err
		}
	}
	for share, list := range map[string]string{"L1": "ntc-wanted", "L2": "lost-documents"} {
		if _, err := s.nodes[1].Exchange.Lend(s, walter, demoListsID, share, list, true); err != nil {
			return err
		}
	}
	t, err := s.nodes[1].Exchange.Give(s, grace, demoListsID, sharing.Gift{
		Share: "L1", Purpose: "terrorism", Item: "ntc-wanted/NTC-W-1", Confirmed: true, Justification: "Listed under an invented warrant; may fly between the two states.",
	})
	if err != nil {
		return err
	}
	if _, err := s.nodes[1].Exchange.LetOut(s, walter, t.ID, true, ""); err != nil {
		return err
	}
	s.say(1, "%s offers an entry of the watchlist, %s releases it; lost documents leave by themselves", grace.Name, walter.Name)
	if err := s.until("what the second state gave of its lists", func() (bool, error) {
		held := map[string]int{}
		all, err := screening.Lists(s, s.nodes[0].Store.Read())
		for _, l := range all {
			held[l.Name] = l.Entries
		}
		return held[screening.GivenList(demoListsID, "entries")] == 1 && held[screening.GivenList(demoListsID, "documents")] == demoLost, err
	}); err != nil {
		return err
	}
	s.say(0, "travellers are screened by it from now on: %d lost documents and one entry, until their day or until they are taken back", demoLost)
	return nil
}
