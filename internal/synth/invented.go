package synth

import (
	"bufio"
	"encoding/csv"
	"io"
	"strings"
	"time"
)

// The invented list is as large as asked for and written as it is made. Its people are called as in the travellers'
// tables by their given names; their family names are put together from parts, or a million people would share a few
// hundred.

// part is a part of an Arabic family name in both scripts.
type part struct{ latin, arabic string }

func parts(table string) []part {
	var out []part
	f := strings.Fields(table)
	for i := 0; i+1 < len(f); i += 2 {
		out = append(out, part{f[i], f[i+1]})
	}
	return out
}

var (
	arabicStems = parts(`ZUR زر QAS قس BAR بر TAM تم SHAH شه HAM حم KHAL خل DAW دو RAW رو NAS نص GHAR غر SAL سل MAL مل FAR فر JAB جب RAF رف HAD هد WAS وس
		BASH بش THAM ثم LUB لب KAW كو MUR مر NUW نو SUD سد HAZ حز BUR بر DUR در FAY في ZAH زه SIB سب GHAN غن AJM عجم ASL اصل KUR كر RUM رم TUR تر HAY حي`)
	arabicMiddles  = parts(`A ا U و I ي A ا AWI اوي ANI اني BI بي DI دي LI لي MI مي RI ري SI سي TI تي`)
	arabicEndings  = parts(`NI ني RI ري DI دي MI مي LI لي SI سي WI وي BI بي FI في T ت N ن R ر`)
	regionArticles = [regions][]part{
		gulf:    parts("AL ال AL ال AL ال BU بو"),
		levant:  parts("AL- ال AL ال"),
		egypt:   parts("EL ال EL ال EL- ال"),
		maghreb: parts("EL_ ال BEN بن BOU بو"),
	}
)

// endings are how family names end where they are put together of syllables.
var endings = map[*latin][]string{
	&indian: strings.Fields("WAL KAR NATHAN APPA MURTHY PATEL GIRI RAJ PAL"), &pakistani: strings.Fields("ZAI I ANI ULLAH WALA PURI"), &bangladeshi: strings.Fields("DER UDDIN UL ANI KAR"),
	&filipino: strings.Fields("ANG BAYAN EZ AN ILLO ITO"), &nepali: strings.Fields("AL ELI IYA URI"), &lankan: strings.Fields("SINGHE RATNE WARDENA SEKERA NAYAKE"),
	&british: strings.Fields("SON TON LEY FORD WOOD WELL HAM BY"), &french: strings.Fields("EAU IER ARD OT IN ET AUX"), &german: strings.Fields("MANN ER BERG STEIN BACH KE"),
	&southern: strings.Fields("INI ELLI EZ ADO ETTI OSO ALES"), &slavic: strings.Fields("OV EV IN SKII ENKO UK ICH"), &turkish: strings.Fields("OGLU LI SOY KAYA TAS DEMIR"),
	&african: strings.Fields("WU KE ANI OLA ENGO UMBA AWI"), &indonesian: strings.Fields("WAN TO ADI NINGRUM ATMAJA"), &thai: strings.Fields("KUL CHAI PORN SUK WONG"),
	&american: strings.Fields("SON ER MAN EZ LEY FIELD"), &pacific: strings.Fields("ALA ITU ANGA UPOLU AWA"),
}

// syllabaries are what names of two parts are made of where an ending would be none.
var syllabaries = map[*latin][]string{
	&chinese:  strings.Fields("AN BAI BIN BO CHANG CHENG CHUN DAN DE DONG FEI FENG GANG GUANG GUO HAI HAN HE HONG HUA HUI JIA JIAN JIE JING JUN KAI KANG LAN LIANG LIN LONG MEI MING NA NING PENG PING QI QIN QING RONG RUI SHAN SHENG SHU SI TAO TIAN TING WEN XIA XIAN XIN XING XUE YA YI YING YONG YU YUAN YUE ZE ZHEN ZHI ZHONG ZI"),
	&korean:   strings.Fields("A BIN CHAN CHEOL DO DONG EUN GYEONG GYU HA HEE HO HWAN HYEON HYUN IN JAE JI JIN JONG JOON JU JUN KI KYUNG MAN MI MIN MOON MYUNG NA NAM RIM SANG SEOK SEON SEUNG SOO SOOK SU SUK SUNG TAE WON WOO YEON YONG YOUNG YU"),
	&japanese: strings.Fields("AO FUKU FUJI HARA HASHI HATA HAYA HIRA HONDA IDA IKE INO ISHI IWA KAMI KAWA KITA KUBO KURO MATSU MIYA MORI MURA NAGA NAKA NISHI NO OGA OKA SAKA SAWA SHIMA TA TANI TOMI UCHI UE WADA YAMA YO"),
}

var inventedHeader = strings.Split("id,schema,name,aliases,weak_aliases,arabic_names,birth_date,sex,nationality,documents,category,programme,reason", ",")

// writeInvented writes the list, about one and a half names an entry.
func (p *planting) writeInvented(to io.Writer) error {
	d := newDice(p.options.Seed, "invented", 0)
	buffer := bufio.NewWriterSize(to, 1<<18)
	w := csv.NewWriter(buffer)
	if err := w.Write(inventedHeader); err != nil {
		return err
	}
	var row [13]string
	for i := range p.options.List {
		d.invented(&row, p.options.Start)
		row[0] = "IN-" + padded(i+1, 7)
		if err := w.Write(row[:]); err != nil {
			return err
		}
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return err
	}
	return buffer.Flush()
}

var (
	inventedCategories = strings.Fields("SANCTION SANCTION WANTED WANTED SMUGGLING FRAUD TRAFFICKING TERRORISM CORRUPTION")
	inventedProgrammes = strings.Fields("INV-1 INV-2 INV-3 INV-TERR INV-NARC INV-CYBER INV-PROL")
	companyWords       = strings.Split("TRADING COMPANY|SHIPPING LLC|GENERAL EXCHANGE|HOLDING|INDUSTRIES|LOGISTICS LTD|IMPORT EXPORT", "|")
)

// invented fills one row, but for its id.
func (d dice) invented(row *[13]string, today time.Time) {
	clear(row[:])
	row[10], row[11], row[12] = of(d, inventedCategories), of(d, inventedProgrammes), "Invented"
	o := &origins[d.IntN(len(origins))]
	switch d.weighted(92, 6, 2) {
	case 1:
		row[1], row[8] = "Company", o.two
		row[2] = d.surname(o, "M").latin + " " + of(d, companyWords)
		if d.percent(40) {
			row[3] = d.syllables(2, 3) + " " + of(d, companyWords)
		}
		return
	case 2:
		row[1], row[2] = "Vessel", "MV "+d.syllables(2, 3)
		return
	}
	row[1], row[7], row[8] = "Person", of(d, []string{"M", "M", "M", "F"}), o.two
	if d.percent(10) { // neither is always known
		row[7] = ""
	}
	if d.percent(6) {
		row[8] = ""
	}
	given, other, arabic := d.inventedName(o, row[7])
	row[2] = given
	if d.percent(38) {
		row[3] = other
	}
	if arabic != "" && d.percent(25) {
		row[5] = arabic
	}
	if d.percent(8) {
		row[4] = proper(d.syllables(2, 3))
		if o.names == nil && d.percent(60) {
			row[4] = "Abu " + proper(of(d, arabicMen).latin[o.region])
		}
	}
	born := today.AddDate(-d.between(18, 80), 0, -d.IntN(365))
	switch d.weighted(66, 8, 10, 6, 10) {
	case 0:
		row[6] = born.Format(time.DateOnly)
	case 1:
		row[6] = born.Format("2006-01")
	case 2:
		row[6] = born.Format("2006")
	case 3:
		row[6] = "~" + born.Format("2006")
	}
	if d.percent(35) {
		row[9] = "P:" + d.shaped(o.number) + ":" + o.two
	}
}

// inventedName gives a name as a list writes it, the same in another spelling, and in Arabic script where it has one.
func (d dice) inventedName(o *origin, sex string) (listed, spelled, arabic string) {
	family := d.surname(o, sex)
	if o.names == nil {
		first, father, grandfather := of(d, arabicMen), of(d, arabicMen), of(d, arabicMen)
		if sex == "F" {
			first = of(d, arabicWomen)
		}
		given, another := first.latin[o.region], first.latin[d.IntN(regions)]
		script := first.arabic
		if father != first && d.percent(75) {
			given, script = given+" "+father.latin[o.region], script+" "+father.arabic
			another += " " + father.latin[d.IntN(regions)]
		}
		if grandfather != father && d.percent(30) {
			given, script = given+" "+grandfather.latin[o.region], script+" "+grandfather.arabic
		}
		return family.latin + ", " + given, another + " " + family.latin, script + " " + family.arabic
	}
	pool := o.names.men
	if sex == "F" {
		pool = o.names.women
	}
	given := of(d, pool)
	if s := syllabaries[o.names]; s != nil && o.names != &japanese {
		given = of(d, s) + of(d, s)
	} else if second := of(d, pool); second != given && d.percent(30) {
		given += " " + second
	}
	first, _, _ := strings.Cut(given, " ")
	return family.latin + ", " + given, first + " " + family.latin, ""
}

// surname makes a family name: one of the tables' now and then, as a rule one of parts.
func (d dice) surname(o *origin, sex string) part {
	if o.names == nil {
		if d.percent(8) {
			w := of(d, arabicFamilies[o.region])
			return part{w.latin[o.region], w.arabic}
		}
		article, stem, middle, ending := of(d, regionArticles[o.region]), of(d, arabicStems), of(d, arabicMiddles), of(d, arabicEndings)
		name := part{strings.ReplaceAll(article.latin, "_", " ") + stem.latin + middle.latin, article.arabic + stem.arabic + middle.arabic}
		if d.percent(40) {
			second := of(d, arabicStems)
			name.latin, name.arabic = name.latin+second.latin, name.arabic+second.arabic
		}
		return part{name.latin + ending.latin, name.arabic + ending.arabic}
	}
	if o.names == &chinese || o.names == &korean || d.percent(8) {
		return part{latin: of(d, o.names.families)}
	}
	if s := syllabaries[o.names]; s != nil {
		return part{latin: of(d, s) + of(d, s)}
	}
	name := d.syllables(1, 2) + of(d, endings[o.names])
	if o.names == &slavic && sex == "F" {
		name += "A"
	}
	return part{latin: name}
}
