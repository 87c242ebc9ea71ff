package cyber

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// Describe tells the desk what a subject is: an indicator, a machine or an incident.
func (d *Domain) Describe(ctx context.Context, r store.Reader, id screening.ID) (casework.Sheet, error) {
	now := d.clock().UTC()
	h, err := indicatorByID(ctx, r, string(id))
	if err != nil {
		return casework.Sheet{}, err
	}
	if h != nil {
		return describeIndicator(h, now), nil
	}
	m, err := incidentByID(ctx, r, string(id))
	if err != nil {
		return casework.Sheet{}, err
	}
	if m != nil {
		return describeIncident(m, now), nil
	}
	hosts, err := loadHosts(ctx, r, []string{string(id)})
	if err != nil || hosts[string(id)] == nil {
		return casework.Sheet{}, err
	}
	at := hosts[string(id)]
	held, err := loadIndicators(ctx, r, keysOf(at.met))
	if err != nil {
		return casework.Sheet{}, err
	}
	return describeHost(at, held, now), nil
}

// lines gathers a sheet's values.
func lines(sheet *casework.Sheet) func(label, value string, sources ...string) {
	return func(label, value string, sources ...string) {
		if value != "" {
			sheet.Lines = append(sheet.Lines, casework.Line{Label: label, Value: value, Sources: sources})
		}
	}
}

func describeIndicator(h *held, now time.Time) casework.Sheet {
	v := h.view(now)
	sheet := casework.Sheet{Title: v.Display, Context: string(h.Kind), Path: "/cyber/indicators/" + h.ID, Until: v.ValidUntil}
	line := lines(&sheet)
	line("indicator_state", string(v.State), v.Sources...)
	line("tlp", v.TLP.String(), v.Sources...)
	line("confidence", strconv.Itoa(v.Confidence), v.Sources...)
	for _, n := range v.Names {
		line("indicator_name", n)
	}
	for _, s := range v.Sources {
		line("shared_by", s)
	}
	line("sightings", strconv.FormatInt(h.seen.Lines, 10))
	return sheet
}

func describeIncident(m *matter, now time.Time) casework.Sheet {
	v := m.At(now)
	sheet := casework.Sheet{Title: v.Title, Context: m.label() + " " + v.Sector, Path: "/cyber/incidents/" + m.ID, Until: v.NextDue}
	var reports []string
	for _, f := range m.InOrder() {
		reports = append(reports, f.Report)
	}
	line := lines(&sheet)
	line("incident_state", string(v.State))
	line("incident_severity", v.Severity.Word, reports...)
	line("incident_type", v.Type, reports...)
	line("sector", v.Sector, reports...)
	line("services", strings.Join(v.Affected.Services, ", "), reports...)
	line("cross_border", v.CrossBorder, reports...)
	line("tlp", v.TLP.String(), reports...)
	return sheet
}

func describeHost(h *host, held map[string]*held, now time.Time) casework.Sheet {
	sheet := casework.Sheet{Title: h.Place, Context: h.Source, Path: "/cyber/hosts/" + h.ID}
	line := lines(&sheet)
	line("log_source", h.Source)
	for _, m := range h.meetings() {
		if i := held[m.Indicator]; i != nil {
			v := i.view(now)
			line("met_indicator", v.Display+" × "+strconv.FormatInt(m.Count, 10), m.reports...)
			sheet.Until = later(sheet.Until, m.Last.Add(afterlife))
		}
	}
	return sheet
}
