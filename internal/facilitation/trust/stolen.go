package trust

import (
	"slices"
	"strings"

	"github.com/rihla/rihla/internal/screening"
)

const codeStolen = screening.CodeDocumentStolen

// onLists asks the lists in force for documents, by number, issuer and type; their bearers' names are not asked for.
func (s *Store) onLists(documents ...Document) []Listed {
	out := []Listed{}
	if s.o.Generation == nil || len(documents) == 0 {
		return out
	}
	g := s.o.Generation()
	if g == nil {
		return out
	}
	subject := screening.Screened{}
	for _, d := range documents {
		subject.Subject.Documents = append(subject.Subject.Documents, screening.Document{Type: d.Type, Number: d.Number, Issuer: d.Issuer})
	}
	for _, f := range g.Screen(nil, &subject) {
		if f.Engine != screening.EngineDocument {
			continue
		}
		one := Listed{List: f.List, Entry: f.Entry, Code: f.Explanation.Code}
		if at := slices.IndexFunc(f.Explanation.Evidence, func(e screening.Evidence) bool { return e.Code == "document_status" }); at >= 0 {
			one.Status, one.Reported, _ = strings.Cut(f.Explanation.Evidence[at].Listed, " ")
		}
		out = append(out, one)
	}
	return out
}
