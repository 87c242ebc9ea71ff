package cargo

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/cargoimp"
	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
)

const telexMedia = "text/plain"

// addressee is to whom a letter goes, and of which master it speaks.
type addressee struct{ master, filer string }

// answer writes to everybody who filed any of the shipments how they stand now, in the format they filed in: to the filer
// of the report also that it was received, or what is wrong with it.
func (w *writing) answer() {
	at := w.tx.Now().UTC()
	letters := map[addressee]*letter{}
	to := func(master, filer string) *letter {
		a := addressee{master, filer}
		if letters[a] == nil {
			letters[a] = &letter{}
		}
		return letters[a]
	}
	own := w.report.Filer.Name
	for _, m := range w.messages {
		switch {
		case len(m.message.Lost) > 0:
			to(m.master, own).add("fna", cargoimp.Reject(m.message.Message, m.message.bytes()))
		case m.message.FWB != nil: // carriers' systems wait for it; forwarders' go by the statuses
			to(m.master, own).add("fma", cargoimp.Accept(m.message.bytes()))
		}
	}
	for _, s := range w.shipments {
		waybill := cargoimp.Waybill(printed(s.Master))
		for _, house := range s.order {
			k := s.touched[house]
			codes := w.notices[k.id]
			if len(k.fresh) > 0 {
				var first []cargoimp.Notice
				if errors := k.errors(); len(errors) > 0 {
					to(s.Master, own).add("per", cargoimp.Report(waybill, cargoimp.Telex(k.picture.House, mostHouse), errors))
				} else {
					first = append(first, cargoimp.Say(cargoimp.Received, at))
				}
				to(s.Master, own).add("psn", tell(waybill, k.picture.House, first, codes, at))
			}
			for _, filer := range s.Filers {
				if filer != own || len(k.fresh) == 0 {
					to(s.Master, filer).add("psn", tell(waybill, k.picture.House, nil, codes, at))
				}
			}
		}
	}
	for a, l := range letters {
		if l.lost != nil {
			rule := "" // the text may quote what was filed
			if f, ok := errors.AsType[*fault.Fault](l.lost); ok {
				rule = f.Rule
			}
			w.d.logger.Warn("a filer is not told something that a telex cannot carry", "report", w.report.ID, "rule", rule)
		}
		if a.filer == "" || len(l.body) == 0 {
			continue
		}
		number := printed(a.master)
		w.effects.Answers = append(w.effects.Answers, intake.Answer{ID: w.d.ids.ID("cargo answer", w.report.ID, a.master, a.filer), Filer: a.filer, Report: w.replies(a.filer),
			About: number, Kind: l.kind, Media: telexMedia, Name: number + "." + l.kind, Body: l.body})
	}
	slices.SortFunc(w.effects.Answers, func(a, b intake.Answer) int {
		return cmp.Or(cmp.Compare(a.About, b.About), cmp.Compare(a.Filer, b.Filer))
	})
}

// replies is the report that an answer answers: another filer hears of it unasked.
func (w *writing) replies(filer string) string {
	if filer == w.report.Filer.Name {
		return w.report.ID
	}
	return ""
}

// errors are what the filer of what just came has to mend: of the message, and of what the picture still lacks.
func (k *consigned) errors() (faults []fault.Fault) {
	if k.fresh[len(k.fresh)-1].Said == nil { // of what is withdrawn nothing is missing
		return nil
	}
	for _, rule := range k.fresh[len(k.fresh)-1].Errors {
		faults = append(faults, fault.Fault{Rule: rule, Strict: true})
	}
	for _, rule := range k.picture.Missing {
		faults = append(faults, fault.Fault{Rule: rule, Strict: true})
	}
	return faults
}

// tell makes a status of codes; nil of none.
func tell(w cargoimp.Waybill, house string, notices []cargoimp.Notice, codes []string, at time.Time) *cargoimp.Message {
	for _, code := range codes {
		notices = append(notices, cargoimp.Say(code, at))
	}
	if len(notices) == 0 {
		return nil
	}
	return cargoimp.Tell(w, cargoimp.Telex(house, mostHouse), notices...)
}

// mostHouse is how long a house's number may be in the regimes' messages. What a telex cannot carry of it is folded.
const mostHouse = 35

// letter is what one filer is sent in one go: messages one after the other, of the kind of the gravest.
type letter struct {
	kind string
	body []byte
	lost error // what a telex could not carry
}

var gravity = map[string]int{"fma": 1, "psn": 2, "per": 3, "fna": 4}

func (l *letter) add(kind string, m *cargoimp.Message) {
	if m == nil {
		return
	}
	body, err := cargoimp.Append(l.body, m)
	if err != nil {
		l.lost = err
		return
	}
	l.body = body
	if gravity[kind] > gravity[l.kind] {
		l.kind = kind
	}
}

// inform makes the answers that a person's act causes: to everybody who filed any of the shipment.
func (d *Domain) inform(cause string, s *Shipment, house string, notices []cargoimp.Notice) (answers []intake.Answer) {
	if len(notices) == 0 {
		return nil
	}
	number := printed(s.Master)
	body, err := cargoimp.Append(nil, cargoimp.Tell(cargoimp.Waybill(number), cargoimp.Telex(house, mostHouse), notices...))
	if err != nil {
		return nil
	}
	for _, filer := range s.Filers {
		answers = append(answers, intake.Answer{ID: d.ids.ID("cargo answer", cause, house, filer), Filer: filer, About: number, Kind: "psn", Media: telexMedia, Name: number + ".psn", Body: body})
	}
	return answers
}

// worded is a status with words of ours behind the code's own, as far as a telex carries them.
func worded(code string, at time.Time, words string) cargoimp.Notice {
	n := cargoimp.Say(code, at)
	if words = strings.TrimSpace(words); words != "" {
		n.Text = cargoimp.Telex(words, 65)
	}
	return n
}

// Refused answers what could not be read: an FNA a message.
func (d *Domain) Refused(report intake.Report, fallen []pipeline.Message) []intake.Answer {
	l := letter{}
	about := ""
	for _, m := range fallen {
		if f, ok := m.Body.(*filed); ok {
			l.add("fna", cargoimp.Reject(f.Message, f.bytes()))
			about = f.Reference()
		}
	}
	if len(l.body) == 0 {
		return nil
	}
	return []intake.Answer{{ID: d.ids.ID("cargo answer", report.ID, "refused"), Filer: report.Filer.Name, Report: report.ID, About: about, Kind: l.kind, Media: telexMedia,
		Name: strings.TrimPrefix(about+".fna", "."), Body: l.body}}
}

// thread notes what came under a hold, or while an officer looks, and puts the case back on the desk that waits for it.
func (w *writing) thread(ctx context.Context) error {
	var waiting []screening.ID
	for _, s := range w.shipments {
		for _, house := range s.order {
			k := s.touched[house]
			st := w.standing[k.id]
			if !k.stored || !k.news() || st.Hold == "" && k.was.State != Referred {
				continue
			}
			line := Line{What: "filed", By: w.report.Filer.Name, Report: w.report.ID, Referral: st.Referral}
			if k.before != nil {
				line.Differences = differences(&k.before.Content, &k.picture.Content)
			}
			if err := addLine(ctx, w.tx, k.id, line); err != nil {
				return err
			}
			if st.Hold != "" {
				waiting = append(waiting, subjectsOf(k.id)...)
				w.effects.Events = append(w.effects.Events, pipeline.Event{Name: "referral", ID: st.Referral})
			}
		}
	}
	raised, err := casework.Return(ctx, w.tx, Name, waiting, "filed again")
	if err != nil {
		return err
	}
	w.effects.Events = append(w.effects.Events, events(raised)...)
	return nil
}

// events tell live pages of cases.
func events(raised []casework.Raised) (list []pipeline.Event) {
	for _, r := range raised {
		list = append(list, pipeline.Event{Name: "case", ID: r.Case.ID, Counts: map[string]int{r.What: 1}})
	}
	return list
}
