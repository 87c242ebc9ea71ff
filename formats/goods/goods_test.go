package goods_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/rihla/rihla/formats/goods"
)

func TestJudge(t *testing.T) {
	t.Parallel()
	const empty, vague, short, consol = goods.DescriptionEmpty, goods.DescriptionVague, goods.DescriptionShort, goods.ConsolWithoutHouses
	for _, test := range []struct {
		text string
		hs   bool
		want string
		void bool
	}{
		{text: "", want: empty, void: true},
		{text: " ", want: empty, void: true},
		{text: "...", want: empty, void: true},
		{text: "12345", want: empty, void: true},
		{text: "## 44-12", want: empty, void: true},
		{text: ".wpx", want: empty, void: true},
		{text: "XXXX", want: empty, void: true},
		{text: "AAA", want: empty, void: true},
		{text: "A", want: empty, void: true},
		{text: "10 PCS", want: empty, void: true},
		{text: "VARIOUS GOODS", want: vague, void: true},
		{text: "various goods", want: vague, void: true},
		{text: "GIFTS", want: vague, void: true},
		{text: "Gift box", want: vague, void: true},
		{text: "FREIGHT ALL KINDS", want: vague, void: true},
		{text: "ALL KINDS OF CARGO", want: vague, void: true},
		{text: "SAID TO CONTAIN: 25 CTNS STC", want: vague, void: true},
		{text: "PERSONAL EFFECTS", want: vague, void: true},
		{text: "MISC. ITEMS", want: vague, void: true},
		{text: "EAW SPX", want: vague, void: true},
		{text: "CONSOLIDATION", want: vague, void: true},
		{text: "N/A", want: vague, void: true},
		{text: "SPARE PARTS", want: vague},
		{text: "NEW SPARE PARTS FOR MACHINERY", want: vague},
		{text: "SPPT", want: vague},
		{text: "ELECTRONICS", hs: true, want: vague},
		{text: "TOYS", want: vague},
		{text: "IRON AND STEEL", want: vague},
		{text: "TOILETRIES AND COSMETICS", want: vague},
		{text: "DOCUMENTS", want: vague},
		{text: "BOOKS", want: short},
		{text: "BOOKS", hs: true},
		{text: "OLIVE OIL SOAP"},
		{text: "RUBBER SEALS FOR WATER PUMPS"},
		{text: "PLASTIC TOYS"},
		{text: "Échantillons de café moulu"},
		{text: "SPARE PARTS FOR CENTRIFUGAL PUMP"},
		{text: "بضائع متنوعة", want: vague, void: true},
		{text: "هدايا", want: vague, void: true},
		{text: "أمتعةٌ شخصيّة", want: vague, void: true},
		{text: "أغراض شخصية", want: vague, void: true},
		{text: "قطع غيار", want: vague},
		{text: "القطع والغيار", want: vague},
		{text: "مواد غذائية", want: vague},
		{text: "صابون زيت زيتون"},
		{text: "صابون", want: short},
		{text: "صابون", hs: true},
		{text: "مضخات مياه"},
	} {
		v := (&goods.Description{Text: test.text, HS: test.hs}).Judge()
		if v.Rule != test.want || v.Void != test.void {
			t.Errorf("%q (HS %v): %+v, want %q, void %v", test.text, test.hs, v, test.want, test.void)
		}
		if v.Rule == vague && len(v.Words) == 0 {
			t.Errorf("%q: vague, but by no word", test.text)
		}
	}
	for text, want := range map[string]string{"CONSOLIDATION AS PER LIST": consol, "CONSOLIDATED SHIPMENT OF SOAP": consol, "PUMP SEALS": ""} {
		if v := (&goods.Description{Text: text, Direct: true}).Judge(); v.Rule != want {
			t.Errorf("direct, %q: %+v, want %q", text, v, want)
		}
	}
	if v := (&goods.Description{Text: "SPARE PA RTS", Joined: "SPARE PARTS"}).Judge(); v.Rule != vague {
		t.Errorf("a word cut at the line's end is not seen: %+v", v)
	}
	if v := (&goods.Description{Text: "PETRA SOAP WORKS", Names: []string{"Petra Soap Works"}}).Judge(); v.Rule != vague {
		t.Errorf("the shipper's name is taken for goods: %+v", v)
	}
	if v := (&goods.Description{Text: "PLASTIC TOYS"}).Judge(); !v.Weak {
		t.Errorf("one concrete word is not weak: %+v", v)
	}
	if goods.Version() == "" {
		t.Error("the words have no edition")
	}
}

// One concrete word more never makes a description vague, and judging is the same however it is spaced and cased.
func TestJudgeHolds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("ABC abz.,-/019زيت ة"))).Draw(t, "text")
		d := goods.Description{Text: text + " KAZOO OCARINA"}
		if v := d.Judge(); v.Rule != "" {
			t.Fatalf("%q: %+v", d.Text, v)
		}
		one := (&goods.Description{Text: text}).Judge()
		other := (&goods.Description{Text: "  " + strings.ToUpper(text) + "\t"}).Judge()
		if one.Rule != other.Rule && !strings.HasPrefix(strings.TrimSpace(text), ".") {
			t.Fatalf("%q: %+v and %+v", text, one, other)
		}
	})
}

func TestGeneric(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"SHIPPER": true, "to order": true, "N/A": true, "123456": true, "AB": true, "XXXX": true, "": true, "As per HAWB": true, "لأمر": true, "غير معروف": true, "---": true,
		"PETRA SOAP WORKS": false, "LI NA": false, "شركة البتراء": false, "3M DEUTSCHLAND": false, "TEST EQUIPMENT GMBH": false, "ORDER OF MALTA": false, "نور": false,
	} {
		if goods.Generic(name) != want {
			t.Errorf("%q: %v, want %v", name, !want, want)
		}
	}
}

func TestDoubts(t *testing.T) {
	t.Parallel()
	good := goods.Party{Name: "PETRA SOAP WORKS", Street: "12 KING HUSSEIN STREET", Place: "AMMAN", Country: "JOR", Postcode: "11118", Phones: []string{"96265550101"}}
	for name, test := range map[string]struct {
		change func(*goods.Party)
		want   []string
	}{
		"good":             {func(*goods.Party) {}, nil},
		"two letters":      {func(p *goods.Party) { p.Country = "JO" }, nil},
		"no name":          {func(p *goods.Party) { p.Name = " " }, []string{"PARTY_GENERIC name"}},
		"generic":          {func(p *goods.Party) { p.Name = "SAME AS CONSIGNEE" }, []string{"PARTY_GENERIC name"}},
		"forwarder":        {func(p *goods.Party) { p.Forwarder = "Petra  Soap Works" }, []string{"PARTY_GENERIC name"}},
		"no street":        {func(p *goods.Party) { p.Street = "" }, []string{"ADDRESS_INCOMPLETE street"}},
		"street unknown":   {func(p *goods.Party) { p.Street = "UNKNOWN" }, []string{"ADDRESS_INCOMPLETE street"}},
		"box":              {func(p *goods.Party) { p.Street = "P.O. BOX 9911" }, []string{"ADDRESS_INCOMPLETE street"}},
		"box in Arabic":    {func(p *goods.Party) { p.Street = "ص.ب. 9911" }, []string{"ADDRESS_INCOMPLETE street"}},
		"box and street":   {func(p *goods.Party) { p.Street = "PO BOX 9911 RAINBOW STREET 3" }, nil},
		"number":           {func(p *goods.Party) { p.Street = "4471" }, nil},
		"no place":         {func(p *goods.Party) { p.Place = "" }, []string{"ADDRESS_INCOMPLETE place"}},
		"no country":       {func(p *goods.Party) { p.Country = "" }, []string{"ADDRESS_INCOMPLETE country"}},
		"country unknown":  {func(p *goods.Party) { p.Country = "QQ" }, []string{"ADDRESS_INCOMPLETE country"}},
		"place elsewhere":  {func(p *goods.Party) { p.Country = "DEU" }, []string{"ADDRESS_INCOMPLETE place"}},
		"place in Arabic":  {func(p *goods.Party) { p.Place = "عمّان" }, nil},
		"postcode":         {func(p *goods.Party) { p.Postcode = "1111" }, []string{"ADDRESS_INCOMPLETE postcode"}},
		"postcode British": {func(p *goods.Party) { p.Country, p.Place, p.Postcode = "GB", "READING", "RG1 1AA" }, nil},
		"no postcodes":     {func(p *goods.Party) { p.Country, p.Place, p.Postcode = "AE", "DUBAI", "00000" }, nil},
		"phone":            {func(p *goods.Party) { p.Phones = []string{"0000000000"} }, []string{"PHONE_INVALID phone"}},
		"phone too short":  {func(p *goods.Party) { p.Phones = []string{"123"} }, []string{"PHONE_INVALID phone"}},
	} {
		p := good
		test.change(&p)
		var got []string
		for _, d := range p.Doubts() {
			got = append(got, d.Rule+" "+d.Field)
			if d.Message == "" || d.Mend == "" {
				t.Errorf("%s: %+v says nothing", name, d)
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	other := good
	other.Name = "petra soap-works"
	if !goods.Same(&good, &other) {
		t.Error("the same party is not known again")
	}
	other.Street = "1 OTHER STREET"
	if goods.Same(&good, &other) || goods.Same(&goods.Party{}, &goods.Party{}) {
		t.Error("two parties are taken for one")
	}
}

func TestParseHS(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"340111": "340111", "3401.11": "340111", "3401 11 00 00": "3401110000", "84713000": "84713000", "990000": "990000",
		"34011": "", "77.0000": "", "000111": "", "3401-11": "", "34O111": "", "1234567890123456789": "", "": "", "٣٤٠١١١": "",
	} {
		got, ok := goods.ParseHS(text)
		if ok != (want != "") || ok && string(got) != want {
			t.Errorf("%q: %q, %v, want %q", text, got, ok, want)
		}
	}
	h := goods.HS("9302000000")
	english, arabic := h.Title()
	if h.Chapter() != 93 || h.Heading() != "9302" || h.Subheading() != "930200" || english != "Arms and ammunition" || arabic == "" || h.Interest() != "arms" || h.National() {
		t.Errorf("%d %s %s %s %s %s", h.Chapter(), h.Heading(), h.Subheading(), english, arabic, h.Interest())
	}
	for n := 1; n <= 99; n++ {
		two := string([]byte{byte('0' + n/10), byte('0' + n%10)})
		if english, arabic := goods.HS(two).Title(); (english == "") != (n == 77) || (arabic == "") != (n == 77) {
			t.Errorf("chapter %d: %q, %q", n, english, arabic)
		}
	}
	if n := goods.HS("x").Chapter() + goods.HS("-1").Chapter(); n != 0 {
		t.Error("what is no code has a chapter", n)
	}
}

func TestContradicts(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text string
		code goods.HS
		want bool
	}{
		{"OLIVE OIL SOAP BARS", "340111", false},
		{"OLIVE OIL SOAP BARS", "871200", true},
		{"COTTON SHIRTS", "620520", false},
		{"COTTON SHIRTS", "845811", true},
		{"TOMATO SEEDS IN TINS", "120991", false},
		{"HAND PAINTED CERAMIC BOWLS AND PLATES", "691200", false},
		{"DENTAL CHAIRS MODEL D4 WITH LAMP", "940210", false},
		{"WATER BASED PRINTING INK", "321511", false},
		{"BOROSILICATE LABORATORY GLASSWARE", "701720", false},
		{"LAPTOP COMPUTERS WITH LITHIUM ION BATTERIES", "847130", false},
		{"CENTRIFUGAL PUMP WITH SPARE SEALS", "841370", false},
		{"UNWROUGHT GOLD BARS", "710812", false},
		{"UNWROUGHT GOLD BARS", "392690", true},
		{"PRESSURE GAUGES FOR WATER PUMPS", "902620", false},
		{"RUBBER SEALS FOR WATER PUMPS", "401693", false},
		{"COTTON SHIRTS", "990000", false},
		{"STEEL CHAIRS", "940179", false},
		{"STEEL FURNITURE LEGS", "940390", false},
		{"COTTON BAGS", "420222", false},
		{"PLASTIC TOYS", "950300", false},
		{"PLASTIC TOYS", "720711", true},
		{"GOLD LEAF", "321290", false},
		{"FLUX CAPACITORS", "340111", false},
		{"صابون زيت زيتون", "340111", false},
		{"صابون زيت زيتون", "930200", true},
		{"القمصان القطنية", "620520", false},
		{"قمصان", "841370", true},
	} {
		if got := goods.Contradicts(test.text, []goods.HS{test.code}); (len(got) > 0) != test.want {
			t.Errorf("%q as %s: %+v, want %v", test.text, test.code, got, test.want)
		}
	}
	got := goods.Contradicts("COTTON SHIRTS", []goods.HS{"620520", "845811"})
	want := []goods.Contradiction{{Got: "845811", Words: []string{"COTTON", "SHIRT"}, Expected: []int{52, 61, 62, 63}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestHints(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text, codes, handling string
		want                  string // ids, those answered in brackets
	}{
		{"LAPTOP COMPUTERS WITH LITHIUM ION BATTERIES PI967", "847130", "EAW SPX ELI", "(lithium)"},
		{"LAPTOP COMPUTERS", "847130", "SPX", "lithium"},
		{"POWER BANKS", "", "", "lithium"},
		{"POWER BANKS", "", "CAO", "lithium"},
		{"POWER BANKS", "", "CAO DGR", "(lithium)"},
		{"LAPTOP BAGS OF LEATHER", "420212", "", ""},
		{"PHONE CASES", "", "", ""},
		{"VACCINES ON DRY ICE", "", "ICE", "(dry-ice)"},
		{"HAIRSPRAY", "", "", "aerosol"},
		{"PERFUMES", "330300", "RFL", "(flammable-liquid)"},
		{"WATER BASED PRINTING INK", "321511", "", ""},
		{"CIGARETTE LIGHTERS", "961310", "", "gas"},
		{"ACID FREE PAPER", "", "", ""},
		{"NITRIC ACID", "", "", "corrosive"},
		{"CITRIC ACID", "", "", ""},
		{"CAR AIRBAGS", "", "", "explosive"},
		{"SMOKE DETECTORS", "", "RRE", "(radioactive)"},
		{"VACUUM PUMPS", "841410", "", "category-2"},
		{"NIGHT VISION BINOCULARS", "900510", "", "category-6"},
		{"QUADCOPTER FRAMES", "880720", "", "category-9"},
		{"STEEL TUBES", "930200", "", "arms"},
		{"RIFLE SCOPES", "", "", "arms"},
		{"UNWROUGHT GOLD BARS", "710812", "VAL SPX", "(precious)"},
		{"GOLD PLATED FAUCETS", "848180", "", ""},
		{"BANKNOTES", "490700", "", "money"},
		{"OLIVE OIL SOAP", "340111", "", ""},
		{"بطاريات ليثيوم", "", "", "lithium"},
		{"حواسيب محمولة", "847130", "", "lithium"},
		{"سبائك ذهب", "710812", "VAL", "(precious)"},
		{"طائرات مسيّرة", "", "", "category-9"},
		{"أغطية هواتف", "", "", ""},
		{"العطور", "", "", "flammable-liquid"},
	} {
		var codes []goods.HS
		for _, c := range strings.Fields(test.codes) {
			codes = append(codes, goods.HS(c))
		}
		var got []string
		for _, h := range goods.Hints(test.text, codes, strings.Fields(test.handling)) {
			if h.Answered() {
				h.ID = "(" + h.ID + ")"
			}
			got = append(got, h.ID)
		}
		if s := strings.Join(got, " "); s != test.want {
			t.Errorf("%q, %s, %s: %q, want %q", test.text, test.codes, test.handling, s, test.want)
		}
	}
	got := goods.Hints("VACUUM PUMPS", []goods.HS{"841410"}, nil)
	want := []goods.Hint{{Kind: goods.Controlled, ID: "category-2", Class: "processing", Words: []string{"VACUUM PUMP"}, Codes: []goods.HS{"841410"}}}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func FuzzWords(f *testing.F) {
	for _, s := range []string{"", "OLIVE OIL SOAP", "بضائع متنوعة", ".wpx", "\xff\xfe", strings.Repeat("A ", 5000)} {
		f.Add(s)
	}
	f.Fuzz(func(_ *testing.T, s string) {
		d := goods.Description{Text: s, Names: []string{s}, Direct: true}
		_ = d.Judge()
		_ = goods.Hints(s, []goods.HS{goods.HS(s)}, []string{s})
		_ = goods.Contradicts(s, []goods.HS{goods.HS(s)})
		_, _ = goods.ParseHS(s)
		p := goods.Party{Name: s, Street: s, Place: s, Country: s, Postcode: s, Phones: []string{s}, Forwarder: s}
		_ = p.Doubts()
	})
}

func BenchmarkJudge(b *testing.B) {
	d := goods.Description{Text: "HANDMADE OLIVE OIL SOAP BARS IN CARTONS OF 48", HS: true}
	b.ReportAllocs()
	for b.Loop() {
		_ = d.Judge()
	}
}

func BenchmarkHints(b *testing.B) {
	codes := []goods.HS{"340111"}
	b.ReportAllocs()
	for b.Loop() {
		_ = goods.Hints("HANDMADE OLIVE OIL SOAP BARS IN CARTONS OF 48", codes, nil)
	}
}
