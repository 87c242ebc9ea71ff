package cargoimp

// OCI is one line of other customs, security and regulatory information. What a chained line leaves out stands in the
// line before; here it is filled in, and Chained says that it was.
type OCI struct {
	Country     string `json:"country,omitempty"`     // alpha-3 where it is known
	Information string `json:"information,omitempty"` // whom or what it is about: SHP, CNE, AGT, ISS …
	Customs     string `json:"customs,omitempty"`     // what it is: T trader, CT phone, RA regulated agent, ED expiry, SM screening method …
	Text        string `json:"text,omitempty"`

	Chained Chain `json:"-"`
}

// Chain says which fields a line left to the one before.
type Chain struct{ Country, Information bool }

// ociLength is how long the text may be.
const ociLength = 35

// information reads OCI lines; they chain to those that came before.
func (r *reader) information(list []OCI, g *group) []OCI {
	for i := range g.rows {
		w := &g.rows[i]
		o := OCI{Country: r.nation(w.field(0), "country"), Information: upper(w.field(1)), Customs: upper(w.field(2)), Text: r.short(w.field(3), "supplementary information", ociLength)}
		if len(w.fs) < 4 {
			r.wrong(w.whole(), InvalidField, "OCI", "write country, information, customs information and text between slants; leave empty what the line above says", "the line has %d fields of four", len(w.fs))
		}
		if len(w.fs) > 4 {
			r.slants(w.rest(4), "supplementary information")
			o.Text = w.rest(3).String()
		}
		if len(o.Information) > 3 || len(o.Customs) > 3 {
			r.wrong(w.field(1), InvalidField, "OCI", "write at most three letters for whom and two for what", "the identifiers are longer than identifiers are")
		}
		if len(list) > 0 {
			last := list[len(list)-1]
			if o.Country == "" && last.Country != "" {
				o.Country, o.Chained.Country = last.Country, true
			}
			if o.Information == "" && last.Information != "" {
				o.Information, o.Chained.Information = last.Information, true
			}
		}
		if o.Country+o.Information+o.Customs+o.Text != "" {
			list = append(list, o)
		}
	}
	return list
}
