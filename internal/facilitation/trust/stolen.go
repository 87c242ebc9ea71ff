package trust

import (
	"strings"

	"github.com/rihla/rihla/internal/screening"
)

const codeStolen = screening.CodeDocumentStolen

// onLists asks the lists in force for a document, by its number, issuer and type; its bearer's name is not asked for.
func (s *Store) onLists(d *Document) []Listed {
	out := []Listed{}
	if s.o.Generation == nil || d == nil || d.Number == "" {
		return out
	}
	g := s.o.Generation()
	if g == nil {
		return out
	}
	subject := screening.Screened{Subject: screening.Subject{Documents: []screening.Document{{Type: d.Type, Number: d.Number, Issuer: d.Issuer}}}}
	for _, f := range g.Screen(nil, &subject) {
		if f.Engine != screening.EngineDocument {
			continue
		}
		one := Listed{List: f.List, Entry: f.Entry, Code: f.Explanation.Code}
		for _, e := range f.Explanation.Evidence {
			if e.Code == "document_status" {
				one.Status, one.Reported, _ = strings.Cut(e.Listed, " ")
			}
		}
		out = append(out, one)
	}
	return out
}
