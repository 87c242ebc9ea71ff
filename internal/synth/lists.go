package synth

import (
	"bufio"
	"encoding/csv"
	"fmt"
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
		others[i] = stolen{document{kind: "P", number: d.shaped(o.number), issuer: o.country}, of(d, []string{"stolen", "lost"}), p.options.Start.AddDate(0, 0, -d.between(20, 1500))}
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
	w := bufio.NewWriterSize(to, 1<<16)
	number := 90000
	line := func(name, kind, program, vessel, flag, remarks string) {
		number++
		w.WriteString(strconv.Itoa(number))
		for _, v := range [...]string{name, kind, program, "", "", vessel, "", "", flag, "", remarks} {
			w.WriteByte(',')
			if v == "" {
				w.WriteString("-0- ")
				continue
			}
			w.WriteByte('"')
			w.WriteString(v) // nothing here holds a quote
			w.WriteByte('"')
		}
		w.WriteString("\r\n")
	}
	for _, e := range p.listed {
		line(e.name, "individual", e.program, "", "", e.remarks)
	}
	d := newDice(p.options.Seed, "sanctions", 0)
	const always = 5 // a list without entries is refused by whoever loads it
	for range always + p.options.List {
		switch d.weighted(82, 13, 5) {
		case 0:
			p.sanctionedPerson(d, line)
		case 1:
			line(d.syllables(2, 3)+" "+of(d, []string{"TRADING COMPANY", "SHIPPING LLC", "GENERAL EXCHANGE", "HOLDING", "INDUSTRIES CO., LTD."}), "", of(d, programs), "", "",
				"a.k.a. '"+d.syllables(1, 2)+"'; Tax ID No. "+d.shaped("999999999")+".")
		case 2:
			line("MV "+d.syllables(2, 3), "vessel", of(d, programs), of(d, []string{"Crude Oil Tanker", "Bulk Cargo", "General Cargo"}), of(d, []string{"Panama", "Comoros", "Palau"}),
				"Vessel Registration Identification IMO "+d.shaped("9999999")+".")
		}
	}
	w.WriteByte(0x1a)
	return w.Flush()
}

func (p *planting) sanctionedPerson(d dice, line func(name, kind, program, vessel, flag, remarks string)) {
	o := &origins[d.IntN(len(origins))]
	x := person{from: o, sex: of(d, []string{"M", "M", "M", "F"})}
	d.name(&x)
	surname := x.surname
	if d.percent(60) { // far more families than the tables have
		surname = d.syllables(2, 4)
		if o.names == nil && d.percent(60) {
			surname = "AL-" + surname
		}
	}
	name := surname
	if x.given != "" {
		name += ", " + proper(x.given)
		if d.percent(30) {
			name += " " + proper(d.syllables(2, 3))
		}
	}
	born := p.options.Start.AddDate(-d.between(22, 80), 0, -d.IntN(365))
	remarks := "DOB " + born.Format(of(d, []string{"02 Jan 2006", "02 Jan 2006", "02 Jan 2006", "2006", "Jan 2006"}))
	if d.percent(8) {
		remarks = fmt.Sprintf("DOB circa %d", born.Year())
	}
	if d.percent(25) {
		remarks += "; a.k.a. '" + proper(d.syllables(2, 3)) + "'"
	}
	if d.percent(40) {
		remarks += "; Passport " + d.shaped(o.number) + " (" + o.country + ")"
	}
	line(name, "individual", of(d, programs), "", "", remarks+"; Gender "+map[string]string{"M": "Male", "F": "Female"}[x.sex]+".")
}

var onsets = strings.Fields("B D F G H J K L M N Q R S SH T W Y Z KH GH TH BR DR K L M N R S T")
var nuclei = strings.Fields("A A A E I I O U AI OU")
var codas = strings.Fields("- - - N R L M S D H SH T")

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
