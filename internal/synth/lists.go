package synth

import (
	"bufio"
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"
)

// List is a list file. It is written when asked for, since it may hold a million entries.
type List struct {
	Name  string
	Write func(io.Writer) error
}

// writeWatchlist writes the state's own list: names in Arabic first, as its officers keep it.
func (p *planting) writeWatchlist(to io.Writer) error {
	w := csv.NewWriter(to)
	if _, err := io.WriteString(to, "\ufeff"); err != nil {
		return err
	}
	rows := [][]string{strings.Split("id,action,name_ar,name_en,aliases,weak_aliases,birth_date,gender,nationalities,documents,category,instruction,valid_from,valid_to,owner", ",")}
	add := func(e watched) {
		rows = append(rows, []string{
			"NW-" + padded(len(rows), 4), "add", e.arabic, e.english, e.aliases, e.weak, e.born, e.sex, e.nationality, e.documents, e.category, e.instruction,
			p.options.Start.AddDate(-1, 0, 0).Format(time.DateOnly), p.options.Start.AddDate(2, 0, 0).Format(time.DateOnly), e.owner,
		})
	}
	for _, e := range p.watched {
		add(e)
	}
	d := newDice(p.options.Seed, "watchlist", 0)
	for range 40 { // others, who travel some other day
		o := &origins[d.IntN(15)]
		x := d.person(o, of(d, []string{"M", "M", "F"}), 20, 45, p.options.Start)
		e := watched{
			arabic: x.arabic, english: proper(x.given + " " + x.surname), sex: x.sex, nationality: o.two, documents: "P:" + x.passport.number + ":" + o.two,
			category: of(d, []string{"WANTED", "TRAVEL BAN", "SMUGGLING", "FRAUD", "MISSING PERSON"}), instruction: "Refer to secondary", owner: of(d, []string{"Police", "Customs", "Public prosecution"}),
		}
		e.born = of(d, []string{x.born.Format(time.DateOnly), x.born.Format(time.DateOnly), x.born.Format("2006")})
		if d.percent(20) {
			e.weak = "Abu " + proper(of(d, arabicMen).latin[o.region])
		}
		add(e)
	}
	if err := w.WriteAll(rows); err != nil {
		return err
	}
	return w.Error()
}

// writeStolen writes the list of lost and stolen documents.
func (p *planting) writeStolen(to io.Writer) error {
	w := csv.NewWriter(to)
	rows := [][]string{{"document_number", "document_type", "issuer", "status", "reported"}}
	d := newDice(p.options.Seed, "stolen", 0)
	others := make([]stolen, 60)
	for i := range others {
		o := &origins[d.IntN(len(origins))]
		others[i] = stolen{document{kind: "P", number: d.shaped(o.number), issuer: o.iso()}, of(d, []string{"stolen", "lost"}), p.options.Start.AddDate(0, 0, -d.between(20, 1500))}
	}
	for _, all := range [][]stolen{p.stolen, others} {
		for _, e := range all {
			rows = append(rows, []string{e.number, e.kind, e.issuer, e.status, e.reported.Format(time.DateOnly)})
		}
	}
	if err := w.WriteAll(rows); err != nil {
		return err
	}
	return w.Error()
}

var programs = []string{"SDGT", "NPWMD", "ILLICIT-DRUGS-EO14059", "CYBER2", "TCO", "GLOMAG", "SDGT] [TCO"}

// writeSanctions writes an invented list in the shape of OFAC's sdn.csv: no header, -0- for nothing, a byte 1A at the
// end.
func (p *planting) writeSanctions(to io.Writer) error {
	const always = 5 // a list without entries is refused by whoever loads it
	d := newDice(p.options.Seed, "sanctions", 0)
	w := bufio.NewWriterSize(to, 1<<16)
	var row []byte
	for i := range len(p.listed) + always {
		var e sanctioned
		if i < len(p.listed) {
			e = p.listed[i]
		} else {
			e = d.sanctioned(p.options.Start)
		}
		row = e.append(row[:0], 90001+i)
		if _, err := w.Write(row); err != nil {
			return err
		}
	}
	if err := w.WriteByte(0x1a); err != nil {
		return err
	}
	return w.Flush()
}

// append writes the row of an entry.
func (e *sanctioned) append(row []byte, number int) []byte {
	row = strconv.AppendInt(row, int64(number), 10)
	for _, v := range [...]string{e.name, e.kind, e.program, "", "", e.vessel, "", "", e.flag, "", e.remarks} {
		if v == "" {
			row = append(row, ",-0- "...)
			continue
		}
		row = append(append(append(row, `,"`...), v...), '"') // nothing here holds a quote
	}
	return append(row, "\r\n"...)
}

// sanctioned invents an entry: mostly people, some companies and ships.
func (d dice) sanctioned(today time.Time) sanctioned {
	switch d.weighted(82, 13, 5) {
	case 1:
		return sanctioned{
			name: d.syllables(2, 3) + " " + of(d, []string{"TRADING COMPANY", "SHIPPING LLC", "GENERAL EXCHANGE", "HOLDING", "INDUSTRIES CO., LTD."}), program: of(d, programs),
			remarks: "a.k.a. '" + d.syllables(1, 2) + "'; Tax ID No. " + d.shaped("999999999") + ".",
		}
	case 2:
		return sanctioned{
			name: "MV " + d.syllables(2, 3), kind: "vessel", program: of(d, programs), vessel: of(d, []string{"Crude Oil Tanker", "Bulk Cargo", "General Cargo"}),
			flag: of(d, []string{"Panama", "Comoros", "Palau"}), remarks: "Vessel Registration Identification IMO " + d.shaped("9999999") + ".",
		}
	}
	o := &origins[d.IntN(len(origins))]
	x := person{from: o, sex: of(d, []string{"M", "M", "M", "F"})}
	d.name(&x)
	if d.percent(88) { // far more families than the tables have
		x.surname = d.syllables(2, 4)
		if o.names == nil && d.percent(60) {
			x.surname = "AL-" + x.surname
		}
	}
	if d.percent(30) {
		x.given += " " + d.syllables(2, 3)
	}
	born := today.AddDate(-d.between(22, 80), 0, -d.IntN(365))
	remarks := "DOB " + born.Format(of(d, []string{"02 Jan 2006", "02 Jan 2006", "02 Jan 2006", "2006", "Jan 2006"}))
	if d.percent(8) {
		remarks = "DOB circa " + born.Format("2006")
	}
	if d.percent(25) {
		remarks += "; a.k.a. '" + proper(d.syllables(2, 3)) + "'"
	}
	if d.percent(40) {
		remarks += "; Passport " + d.shaped(o.number) + " (" + o.iso() + ")"
	}
	gender := "Male"
	if x.sex == "F" {
		gender = "Female"
	}
	return sanctioned{name: x.surname + ", " + proper(x.given), kind: "individual", program: of(d, programs), remarks: remarks + "; Gender " + gender + "."}
}

var (
	onsets = strings.Fields("B D F G H J K L M N Q R S SH T W Y Z KH GH TH BR DR K L M N R S T")
	nuclei = strings.Fields("A A A E I I O U AI OU")
	codas  = strings.Fields("- - - N R L M S D H SH T")
)

// syllables makes a word that nobody is called.
func (d dice) syllables(lo, hi int) string {
	var b strings.Builder
	for range d.between(lo, hi) {
		b.WriteString(of(d, onsets))
		b.WriteString(of(d, nuclei))
		if c := of(d, codas); c != "-" {
			b.WriteString(c)
		}
	}
	return b.String()
}
