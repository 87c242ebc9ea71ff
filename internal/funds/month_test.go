package funds_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store/storetest"
	"github.com/rihla/rihla/internal/synth"
)

// names are what a truth calls the subject.
func truthNames(s *screening.Subject) (out []string) {
	for _, d := range s.Documents {
		out = append(out, "document:"+d.Issuer+"/"+d.Number)
	}
	for _, t := range s.Ties {
		if t.Kind == "account" {
			out = append(out, "account:"+t.Value)
		}
	}
	for _, n := range s.Names {
		out = append(out, "organisation:"+n.String())
	}
	return append(out, "bank:"+s.Title)
}

// Of a generated month each planted case is found, and next to none of the twenty innocent look-alikes of each.
func TestMonth(t *testing.T) {
	t.Parallel()
	month := synth.NewFundsMonth(7)
	d := open(t, storetest.SQLite(t), "BHR")
	for _, m := range month.Files {
		d.file(report{m.Name, "bank", m.Sent, m.Body})
	}
	found := map[string]map[string]bool{} // typology → truth's name of a subject
	for _, s := range d.parties() {
		for _, f := range s.Found {
			id := f.Explanation.Title
			if found[id] == nil {
				found[id] = map[string]bool{}
			}
			for _, n := range truthNames(&s.Subject) {
				found[id][n] = true
			}
		}
	}
	type score struct{ planted, hit, innocent, wrong int }
	scores := map[string]*score{}
	for _, c := range month.Cases {
		s := scores[c.Typology]
		if s == nil {
			s = &score{}
			scores[c.Typology] = s
		}
		hit := slices.ContainsFunc(c.Subjects, func(n string) bool { return found[c.Typology][n] })
		switch {
		case c.Planted && hit:
			s.planted++
			s.hit++
		case c.Planted:
			s.planted++
			t.Logf("missed: %s of %s (%s)", c.Typology, strings.Join(c.Subjects, ", "), strings.Join(c.Reports, ", "))
			for _, m := range month.Files {
				for _, r := range c.Reports {
					for _, line := range strings.Split(string(m.Body), "\n") {
						if strings.Contains(line, r) {
							t.Log(m.Name, line)
						}
					}
				}
			}
		case hit:
			s.innocent++
			s.wrong++
			t.Logf("wrongly: %s of %s (%s)", c.Typology, strings.Join(c.Subjects, ", "), strings.Join(c.Reports, ", "))
		default:
			s.innocent++
		}
	}
	for _, id := range slices.SortedFunc(maps.Keys(scores), cmp.Compare[string]) {
		s := scores[id]
		fmt.Printf("%-10s recall %d/%d, precision %d/%d, of %d look-alikes; found of %d names\n", id, s.hit, s.planted, s.hit, s.hit+s.wrong, s.innocent, len(found[id]))
	}
}
