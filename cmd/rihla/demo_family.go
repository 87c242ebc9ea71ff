package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/cusres"
	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/lists"
)

// demoPerson is somebody at check-in.
type demoPerson struct{ surname, given, sex, born, document string }

// demoFamily checks in together. The father is called as somebody on a list is, born on the same day.
var demoFamily = []demoPerson{
	{"HALLOWAY-MARSH", "IDRIS", "M", "580602", "PX7700101"}, {"HALLOWAY-MARSH", "PETRONELLA", "F", "610917", "PX7700102"},
	{"HALLOWAY-MARSH", "TEODORA", "F", "930428", "PX7700103"}, {"HALLOWAY-MARSH", "CASSIUS", "M", "960111", "PX7700104"},
}

// family has four people check in for a flight that leaves in three hours: three may board, for one the carrier is to call,
// an officer looks, and the carrier's screen turns.
func (s *story) family() error {
	n := s.nodes[0]
	salman, noor := demoStates[0].as(access.Supervisor), demoStates[0].as(access.Officer)
	_, err := screening.LoadList(s, n.Store, screening.Upload{Name: "inquiries", By: salman.Name, Role: string(salman.Role), Files: []lists.File{{
		Name: "inquiries.csv", Data: []byte("id,surname,given,born,sex,nationality,reason,instruction\nINQ-7,Halloway-Marsh,Idris,1958-06-02,M,GBR,Invented inquiry of the demonstration,Ask for the number of his former passport\n"),
	}}})
	if err == nil {
		_, err = n.Screener.Refresh(s)
	}
	if err != nil {
		return err
	}
	key, err := n.Access.CreateKey(s, "demo", access.NewKey{Role: access.Filer, Name: "ZZ check-in", Carriers: []string{"ZZ"}})
	if err != nil {
		return err
	}
	for i := range demoFamily {
		text, err := s.asCarrier(key, http.MethodPost, "/reports", checkIn(i, time.Now(), demoFamily[i], "GBR", ""))
		if err != nil {
			return err
		}
		s.say(0, "ZZ asks whether %s %s may board, and is answered: %s", demoFamily[i].given, demoFamily[i].surname, said(text))
	}
	var id string
	if err := s.until("the case of whoever was not cleared", func() (bool, error) {
		var page struct{ Items []api.Hit }
		err := s.call(0, noor, http.MethodGet, "/search?q=halloway-marsh", nil, &page)
		for _, hit := range page.Items {
			if hit.Kind == "case" && strings.Contains(hit.Title, demoFamily[0].given) {
				id = hit.ID
			}
		}
		return id != "", err
	}); err != nil {
		return err
	}
	if err := s.decide(noor, id, casework.NotSamePerson, "The desk agent read the number of his former passport to me; the one who is listed had another."); err != nil {
		return err
	}
	s.say(0, "%s, on the phone with the check-in desk, finds that he is somebody else", noor.Name)
	return s.until("the carrier's screen to turn", func() (bool, error) {
		var page struct{ Items []intake.Answered }
		if err := s.call(0, noor, http.MethodGet, "/answers?filer=ZZ%20check-in", nil, &page); err != nil {
			return false, err
		}
		for _, a := range page.Items {
			if a.Kind != "unsolicited" {
				continue
			}
			text, err := s.asCarrier(key, http.MethodGet, "/answers/"+a.ID, nil)
			if err == nil {
				_, err = s.asCarrier(key, http.MethodPut, "/answers/"+a.ID+"/receipt", nil)
			}
			if err != nil {
				return false, err
			}
			s.say(0, "ZZ's screen turns, and it acknowledges: %s", said(text))
			return true, nil
		}
		return false, nil
	})
}

// asCarrier makes a call as a carrier's check-in makes it.
func (s *story) asCarrier(key, method, path string, body []byte) ([]byte, error) {
	r, err := http.NewRequestWithContext(s, method, s.nodes[0].URL()+"/api/v1"+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+key)
	if method == http.MethodPost {
		r.Header.Set("Accept", intake.EDIFACT)
	}
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer a.Body.Close()
	text, err := io.ReadAll(a.Body)
	if err == nil && a.StatusCode >= http.StatusBadRequest {
		err = &problem{a.StatusCode, fmt.Sprintf("%s %s: %s: %.300s", method, path, a.Status, text)}
	}
	return text, err
}

// said is what an answer tells the agent.
func said(text []byte) string {
	var words []string
	err := cusres.Read(text, func(m *cusres.Message, broken *fault.Fault) error {
		if broken != nil {
			return errors.New(broken.Message)
		}
		for i := range m.Results {
			words = append(words, m.Results[i].Code+" "+m.Results[i].Text)
		}
		return nil
	})
	if err != nil {
		return "what cannot be read: " + err.Error()
	}
	return strings.Join(words, ", ")
}

// checkIn is the check-in's question about one of those on the flight; more are further segments about them.
func checkIn(i int, now time.Time, p demoPerson, nationality, more string) []byte {
	departs := now.UTC().Add(3*time.Hour + 4*time.Hour) // as the clocks in Dubai show it
	arrives := departs.Add(15 * time.Minute)            // an hour and a quarter, and an hour back
	return fmt.Appendf(nil, "UNA:+.? 'UNB+UNOA:4+ZZAIR+RIHLA+%[1]s+%09[2]d++IAPI+O'UNG+PAXLST+ZZAIR+RIHLA+%[1]s+1+UN+D:05B'"+
		"UNH+1+PAXLST:D:05B:UN:IATA+CKI%04[2]d+01:F'BGM+745'RFF+TN:CKI%09[2]d'NAD+MS+++ZZ CHECK-IN'TDT+20+ZZ4471+++ZZ'"+
		"LOC+125+DXB'DTM+189:%[3]s:201'LOC+87+BAH'DTM+232:%[4]s:201'NAD+FL+++%[5]s:%[6]s'ATT+2++%[9]s'DTM+329:%[7]s'LOC+178+DXB'LOC+179+BAH'NAT+2+%[10]s'"+
		"RFF+AVF:HM4471'RFF+ABO:%04[2]d'%[11]sDOC+P:110:111+%[8]s'DTM+36:310331'LOC+91+%[10]s'CNT+42:1'UNT+%[12]d+1'UNE+1+1'UNZ+1+%09[2]d'",
		now.UTC().Format("060102:1504"), i+1, departs.Format("0601021504"), arrives.Format("0601021504"), p.surname, p.given, p.born, p.document, p.sex,
		nationality, more, 22+strings.Count(more, "'"))
}
