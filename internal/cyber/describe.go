package cyber

import (
	"context"

	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// Describe tells the desk what a subject is.
func (d *Domain) Describe(ctx context.Context, r store.Reader, id screening.ID) (casework.Sheet, error) {
	h, err := indicatorByID(ctx, r, string(id))
	if err != nil || h == nil {
		return casework.Sheet{}, err
	}
	return d.describeIndicator(h), nil
}

func (d *Domain) describeIndicator(h *held) casework.Sheet {
	v := h.view(d.clock().UTC())
	sheet := casework.Sheet{Title: v.Display, Context: string(h.Kind), Path: "/cyber/indicators/" + h.ID, Until: v.ValidUntil}
	line := func(label, value string) {
		if value != "" {
			sheet.Lines = append(sheet.Lines, casework.Line{Label: label, Value: value, Sources: v.Sources})
		}
	}
	line("state", string(v.State))
	line("tlp", v.TLP.String())
	for _, n := range v.Names {
		line("name", n)
	}
	for _, s := range v.Sources {
		line("source", s)
	}
	return sheet
}
