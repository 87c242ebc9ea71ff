package pnrgov

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/formats/date"
)

// TestDOCSShapes: every shape of the text that the field sends says what a whole one would.
func TestDOCSShapes(t *testing.T) {
	t.Parallel()
	whole := docs{kind: "P", issuer: "GBR", number: "925665416", nationality: "GBR", born: "29FEB84", sex: "F", expires: "30JUN31", surname: "KESTREL", given: "ADA", second: "MARIE"}
	with := func(change func(*docs)) docs { d := whole; change(&d); return d }
	for name, c := range map[string]struct {
		text string
		want docs
	}{
		"whole":                    {"/P/GBR/925665416/GBR/29FEB84/F/30JUN31/KESTREL/ADA/MARIE", whole},
		"holder":                   {"/P/GBR/925665416/GBR/29FEB84/F/30JUN31/KESTREL/ADA/MARIE/H", with(func(d *docs) { d.holder = true })},
		"holder, one given name":   {"/P/GBR/925665416/GBR/29FEB84/F/30JUN31/KESTREL/ADA/H", with(func(d *docs) { d.second, d.holder = "", true })},
		"holder, gap":              {"/P/GBR/925665416/GBR/29FEB84/F/30JUN31/KESTREL/ADA//H", with(func(d *docs) { d.second, d.holder = "", true })},
		"name tail":                {"/P/GBR/925665416/GBR/29FEB84/F/30JUN31/KESTREL/ADA/MARIE-1KESTREL/ADAMRS", with(func(d *docs) { d.name = "KESTREL/ADAMRS" })},
		"text before":              {"SSRDOCSZZHK1/P/GBR/925665416/GBR/29FEB84/F/30JUN31/KESTREL/ADA/MARIE", whole},
		"first slash lost":         {"P/GBR/925665416/GBR/29FEB84/F/30JUN31/KESTREL/ADA/MARIE", whole},
		"blanks":                   {" / P / GBR / 925665416 / GBR / 29FEB84 / F / 30JUN31 / KESTREL / ADA / MARIE ", whole},
		"shifted by one":           {"//P/GBR/925665416/GBR/29FEB84/F/30JUN31/KESTREL/ADA/MARIE", whole},
		"shifted by two":           {"///P/GBR/925665416/GBR/29FEB84/F/30JUN31/KESTREL/ADA/MARIE", whole},
		"nationality missing":      {"/P/GBR/925665416/29FEB84/F/30JUN31/KESTREL/ADA/MARIE", with(func(d *docs) { d.nationality = "" })},
		"issuer missing":           {"/P//925665416/GBR/29FEB84/F/30JUN31/KESTREL/ADA/MARIE", with(func(d *docs) { d.issuer = "" })},
		"issuer left out":          {"/P/925665416/GBR/29FEB84/F/30JUN31/KESTREL/ADA/MARIE", with(func(d *docs) { d.issuer = "" })},
		"states missing":           {"/P/925665416/29FEB84/F/30JUN31/KESTREL/ADA/MARIE", with(func(d *docs) { d.issuer, d.nationality = "", "" })},
		"type missing":             {"//GBR/925665416/GBR/29FEB84/F/30JUN31/KESTREL/ADA/MARIE", with(func(d *docs) { d.kind = "" })},
		"type missing, state like": {"/PA/925665416/PA/29FEB84/F/30JUN31/KESTREL/ADA/MARIE", with(func(d *docs) { d.kind, d.issuer, d.nationality = "", "PA", "PA" })},
		"state like a type":        {"/PT/GBR/925665416/GBR/29FEB84/F/30JUN31/KESTREL/ADA/MARIE", with(func(d *docs) { d.kind = "PT" })},
		"expiry missing":           {"/P/GBR/925665416/GBR/29FEB84/F//KESTREL/ADA/MARIE", with(func(d *docs) { d.expires = "" })},
		"gender empty":             {"/P/GBR/925665416/GBR/29FEB84//30JUN31/KESTREL/ADA/MARIE", with(func(d *docs) { d.sex = "" })},
		"gender left out":          {"/P/GBR/925665416/GBR/29FEB84/30JUN31/KESTREL/ADA/MARIE", with(func(d *docs) { d.sex = "" })},
		"gender U":                 {"/P/GBR/925665416/GBR/29FEB84/U/30JUN31/KESTREL/ADA/MARIE", with(func(d *docs) { d.sex = "" })},
		"gender X":                 {"/P/GBR/925665416/GBR/29FEB84/X/30JUN31/KESTREL/ADA/MARIE", with(func(d *docs) { d.sex = "X" })},
		"birth missing":            {"/P/GBR/925665416/GBR//F/30JUN31/KESTREL/ADA/MARIE", with(func(d *docs) { d.born = "" })},
		"birth and gender missing": {"/P/GBR/925665416/GBR///30JUN31/KESTREL/ADA/MARIE", with(func(d *docs) { d.born, d.sex = "", "" })},
		"no dates":                 {"/P/GBR/925665416/GBR//F//KESTREL/ADA/MARIE", with(func(d *docs) { d.born, d.expires = "", "" })},
		"birth in four digits":     {"/P/GBR/925665416/GBR/29FEB1984/F/30JUN2031/KESTREL/ADA/MARIE", with(func(d *docs) { d.born, d.expires = "29FEB1984", "30JUN2031" })},
		"lower case":               {"/p/gbr/925665416/gbr/29feb84/f/30jun31/Kestrel/Ada/Marie", docs{kind: "P", issuer: "gbr", number: "925665416", nationality: "gbr", born: "29feb84", sex: "F", expires: "30jun31", surname: "Kestrel", given: "Ada", second: "Marie"}},
		"states of two letters":    {"/P/GB/925665416/GB/29FEB84/F/30JUN31/KESTREL/ADA/MARIE", with(func(d *docs) { d.issuer, d.nationality = "GB", "GB" })},
		"states of one letter":     {"/P/D/C01X00T47/D/25MAY85/M/01JAN32/ROTH KLEIN/JUERGEN", docs{kind: "P", issuer: "D", number: "C01X00T47", nationality: "D", born: "25MAY85", sex: "M", expires: "01JAN32", surname: "ROTH KLEIN", given: "JUERGEN"}},
		"only birth and sex":       {"/////07JUN62/M//DOE/JAN", docs{born: "07JUN62", sex: "M", surname: "DOE", given: "JAN"}},
		"only a birth":             {"/////07JUN62", docs{born: "07JUN62"}},
		"no number":                {"/P/GBR//IRL/07JUN62/M//DOE/JAN", docs{kind: "P", issuer: "GBR", nationality: "IRL", born: "07JUN62", sex: "M", surname: "DOE", given: "JAN"}},
		"only a nationality":       {"////IRL/07JUN62/M//DOE/JAN", docs{nationality: "IRL", born: "07JUN62", sex: "M", surname: "DOE", given: "JAN"}},
		"number without digits":    {"/P/GBR/ABCDEFG/GBR/07JUN62/M//DOE/JAN", docs{kind: "P", issuer: "GBR", number: "ABCDEFG", nationality: "GBR", born: "07JUN62", sex: "M", surname: "DOE", given: "JAN"}},
		"hyphen in a number":       {"/P/GBR/12-3456/GBR/07JUN62/M//DOE/JAN", docs{kind: "P", issuer: "GBR", number: "12-3456", nationality: "GBR", born: "07JUN62", sex: "M", surname: "DOE", given: "JAN"}},
		"hyphened surname":         {"/P/GBR/925665416/GBR/29FEB84/F/30JUN31/KESTREL-VALE/ADA-1KESTREL-VALE/ADAMRS", docs{kind: "P", issuer: "GBR", number: "925665416", nationality: "GBR", born: "29FEB84", sex: "F", expires: "30JUN31", surname: "KESTREL-VALE", given: "ADA", name: "KESTREL-VALE/ADAMRS"}},
		"tail behind the expiry":   {"/P/GBR/925665416/GBR/29FEB84/F/30JUN31-1KESTREL/ADAMRS", docs{kind: "P", issuer: "GBR", number: "925665416", nationality: "GBR", born: "29FEB84", sex: "F", expires: "30JUN31", name: "KESTREL/ADAMRS"}},
		"infant":                   {"/P/NZL/LM209999/NZL/05MAR26/MI/04MAR31/HOLLOWAY/TAVI/RAUL-1HOLLOWAY/PETERMR", docs{kind: "P", issuer: "NZL", number: "LM209999", nationality: "NZL", born: "05MAR26", sex: "M", expires: "04MAR31", surname: "HOLLOWAY", given: "TAVI", second: "RAUL", infant: true, name: "HOLLOWAY/PETERMR"}},
		"many given names":         {"/P/ARE/A1234567/ARE/01JAN80/M/01JAN30/AL HADDAD/YUSUF/BIN/SALEM", docs{kind: "P", issuer: "ARE", number: "A1234567", nationality: "ARE", born: "01JAN80", sex: "M", expires: "01JAN30", surname: "AL HADDAD", given: "YUSUF", second: "BIN SALEM"}},
	} {
		if got, ok := readDOCS(c.text); !ok {
			t.Errorf("%s: nothing read of %s", name, c.text)
		} else if diff := cmp.Diff(c.want, got, cmp.AllowUnexported(docs{})); diff != "" {
			t.Errorf("%s: %s\n%s", name, c.text, diff)
		}
	}
	for _, text := range []string{"", "X", "-1DOE/JAN", "////", "///////////", "/P////////"} {
		if d, ok := readDOCS(text); ok {
			t.Errorf("%q is read as %+v", text, d)
		}
	}
}

func TestDOCOShapes(t *testing.T) {
	t.Parallel()
	whole := visa{birthplace: "LYON FRA", kind: "V", number: "GBV0099871", place: "PARIS", issued: "01FEB25", country: "GBR"}
	with := func(change func(*visa)) visa { v := whole; change(&v); return v }
	for text, want := range map[string]visa{
		"/LYON FRA/V/GBV0099871/PARIS/01FEB25/GBR":                     whole,
		"LYON FRA/V/GBV0099871/PARIS/01FEB25/GBR":                      whole,
		"//V/GBV0099871/PARIS/01FEB25/GBR":                             with(func(v *visa) { v.birthplace = "" }),
		"/V/GBV0099871/PARIS/01FEB25/GBR":                              with(func(v *visa) { v.birthplace = "" }),
		"/LYON FRA/V/GBV0099871/PARIS/01FEB25/GBR/I-1HOLLOWAY/PETERMR": with(func(v *visa) { v.infant, v.name = true, "HOLLOWAY/PETERMR" }),
		"/LYON FRA/V/GBV0099871":                                       {birthplace: "LYON FRA", kind: "V", number: "GBV0099871"},
		"//K/98765432///USA":                                           {kind: "K", number: "98765432", country: "USA"},
		"//R/2205416///USA":                                            {kind: "R", number: "2205416", country: "USA"},
		"//r/2205416":                                                  {kind: "R", number: "2205416"},
	} {
		if got, ok := readDOCO(text); !ok {
			t.Errorf("nothing read of %s", text)
		} else if diff := cmp.Diff(want, got, cmp.AllowUnexported(visa{})); diff != "" {
			t.Errorf("%s\n%s", text, diff)
		}
	}
	for _, text := range []string{"", "/", "LYON", "//V/", "/V"} {
		if v, ok := readDOCO(text); ok {
			t.Errorf("%q is read as %+v", text, v)
		}
	}
}

func TestDOCAShapes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]address{
		"/D/GBR/7 ORCHARD LANE/LEEDS/YORKSHIRE/LS1 1AA":           {kind: "D", country: "GBR", street: "7 ORCHARD LANE", city: "LEEDS", state: "YORKSHIRE", postcode: "LS1 1AA"},
		"D/GBR/7 ORCHARD LANE/LEEDS/YORKSHIRE/LS1 1AA":            {kind: "D", country: "GBR", street: "7 ORCHARD LANE", city: "LEEDS", state: "YORKSHIRE", postcode: "LS1 1AA"},
		"/R/GBR/7 ORCHARD LANE/LEEDS/YORKSHIRE/LS1 1AA/I":         {kind: "R", country: "GBR", street: "7 ORCHARD LANE", city: "LEEDS", state: "YORKSHIRE", postcode: "LS1 1AA", infant: true},
		"/D/USA/FLAT 3/12 ELM STREET/SPRINGFIELD/IL/62701-1DOE/J": {kind: "D", country: "USA", street: "FLAT 3/12 ELM STREET", city: "SPRINGFIELD", state: "IL", postcode: "62701", name: "DOE/J"},
		"/R/GBR":                   {kind: "R", country: "GBR"},
		"/R/GBR////":               {kind: "R", country: "GBR"},
		"/D//7 ORCHARD LANE/LEEDS": {kind: "D", street: "7 ORCHARD LANE", city: "LEEDS"},
	} {
		if got, ok := readDOCA(text); !ok {
			t.Errorf("nothing read of %s", text)
		} else if diff := cmp.Diff(want, got, cmp.AllowUnexported(address{})); diff != "" {
			t.Errorf("%s\n%s", text, diff)
		}
	}
	for _, text := range []string{"", "/", "///"} {
		if a, ok := readDOCA(text); ok {
			t.Errorf("%q is read as %+v", text, a)
		}
	}
}

func TestINFTShapes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]infant{
		"DOE/BABY 10AUG24":          {"DOE", "BABY", "10AUG24"},
		"DOE/BABY/10AUG24":          {"DOE", "BABY", "10AUG24"},
		".DOE/BABY 10AUG24":         {"DOE", "BABY", "10AUG24"},
		"/DOE/BABY MISS 10AUG2024":  {"DOE", "BABY MISS", "10AUG2024"},
		"DOE/BABY10AUG24":           {"DOE", "BABY", "10AUG24"},
		"DOE/BABY":                  {"DOE", "BABY", ""},
		"DOE/BABY 10AUG24-1DOE/JAN": {"DOE", "BABY", "10AUG24"},
		"10AUG24":                   {"", "", "10AUG24"},
	} {
		if got, ok := readINFT(text); !ok || got != want {
			t.Errorf("%s: %+v %v, want %+v", text, got, ok, want)
		}
	}
	if n, ok := readINFT(" / "); ok {
		t.Errorf("read as %+v", n)
	}
}

func TestContactShapes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]string{
		"SOMEONE//MAIL.EXAMPLE/EN":              {"email", "SOMEONE@MAIL.EXAMPLE"},
		"/SOMEONE//MAIL.EXAMPLE":                {"email", "SOMEONE@MAIL.EXAMPLE"},
		"JEAN..MARLOW//MAIL.EXAMPLE":            {"email", "JEAN_MARLOW@MAIL.EXAMPLE"},
		"JEAN./MARLOW//MAIL./HOST.EXAMPLE":      {"email", "JEAN-MARLOW@MAIL-HOST.EXAMPLE"},
		"someone@mail.example":                  {"email", "someone@mail.example"},
		"971500000001/AE":                       {"phone", "971500000001"},
		"/6421000000/NZ-1HOLLOWAY/PETERMR":      {"phone", "6421000000"},
		"+44 7700 900001":                       {"phone", "+44 7700 900001"},
		"REFUSED":                               {"", "REFUSED"},
		"SOMEONE//MAIL.EXAMPLE/EN-1HOLLOWAY/PE": {"email", "SOMEONE@MAIL.EXAMPLE"},
	} {
		if kind, value, _ := readContact(text); kind != want[0] || value != want[1] {
			t.Errorf("%s: %s %s, want %v", text, kind, value, want)
		}
	}
	for text, want := range map[string]string{
		"CTC HOME 6431110000 ": "6431110000", "CTCE JEAN..MARLOW//MAIL.EXAMPLE": "JEAN..MARLOW//MAIL.EXAMPLE", "CTC H 12345678": "12345678",
		"CTCM-97150000": "97150000", "ctcp 97150000": "97150000", "CTC 97150000": "97150000",
	} {
		if rest, ok := contactText(text); !ok || rest != want {
			t.Errorf("%s: %q %v, want %q", text, rest, ok, want)
		}
	}
	for _, text := range []string{"", "CTC", "CTCX1", "CONTACT", "CTCUS 1"} {
		if rest, ok := contactText(text); ok {
			t.Errorf("%s: %q", text, rest)
		}
	}
}

func TestSmallTexts(t *testing.T) {
	t.Parallel()
	known := func(code string) bool { return code == "GB" }
	for text, want := range map[string]identity{
		"PP123456": {"PP", "", "123456"}, "PPGB123456": {"PP", "GB", "123456"}, "PPLM203344": {"PP", "", "LM203344"}, "ID99-1": {"ID", "", "99-1"},
		"CCVI4111111111111111": {"CC", "", "VI4111111111111111"}, "/FFZZ5500-1DOE/JAN": {"FF", "", "ZZ5500"}, "ni 77": {"NI", "", "77"},
	} {
		if got, ok := readFOID(text, known); !ok || got != want {
			t.Errorf("%s: %+v %v, want %+v", text, got, ok, want)
		}
	}
	for text, want := range map[string]string{"9993001122334C1": "9993001122334", "INF9993001122334C2": "9993001122334", "999-3001122334C1": "9993001122334", "C1": "", "": "", "ABC": ""} {
		if got, _, _ := readTKNE(text); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]string{"12A": "12A", "031D": "31D", "001A": "1A", "XXX": "", "INF": "", "GATE": "", "FREE": "", "": "", "12": "", "A": "", "1234A": "", " 9k ": "9K", "12ABC": ""} {
		if got := seat(text); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
	for pair, want := range map[[2]string]bool{{"1", "1"}: true, {"01.01", "1.1"}: true, {"1.1", "1.10"}: false, {"001", "1"}: true, {"1", "1.1"}: false, {"10", "1"}: false, {"1.", "1"}: false} {
		if got := sameReference(pair[0], pair[1]); got != want {
			t.Errorf("%v: %v", pair, got)
		}
	}
}

func TestTitles(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ raw, given, second, want string }{
		{"ADAMRS", "ADA", "MARIE", "ADA"},
		{"ADAMS", "ADAMS", "", "ADAMS"},
		{"ADAMS", "", "", "ADAMS"},
		{"ADAMS", "ADA", "", "ADA"},
		{"ADA MS", "", "", "ADA"},
		{"Jean Ms", "JEAN", "", "Jean Ms"},
		{"NOORMSTR", "NOOR", "", "NOOR"},
		{"ANNALENAMRS", "ANNA", "LENA", "ANNALENA"},
		{"ANNA LENAMRS", "ANNA LENA", "", "ANNA LENA"},
		{"ANNAMRS", "ANNA LENA", "", "ANNA"},
		{"JOHNDRMR", "JOHN", "", "JOHN"},
		{"MR", "", "", "MR"},
		{"LIENMISS", "", "", "LIENMISS"},
		{"OMARDR", "OMAR", "", "OMAR"},
		{"AMIR", "AMIR", "", "AMIR"},
	} {
		if got := withoutTitle(c.raw, c.given, c.second); got != c.want {
			t.Errorf("%s, document %s %s: %s, want %s", c.raw, c.given, c.second, got, c.want)
		}
	}
}

func TestDates(t *testing.T) {
	t.Parallel()
	flight := date.Date{Year: 2026, Month: 11, Day: 24}
	for text, want := range map[string]string{"29FEB84": "1984-02-29", "05MAR26": "2026-03-05", "25NOV26": "1926-11-25", "7JUN62": "1962-06-07", "07JUN1962": "1962-06-07", "1962-06-07": "1962-06-07", "29feb84": "1984-02-29"} {
		if d, ok := birth(text, flight); !ok || d.String() != want {
			t.Errorf("%s: %v %v, want %s", text, d, ok, want)
		}
	}
	for _, text := range []string{"", "30FEB84", "07XXX62", "07JUN", "AAJUN62", "07JUN623"} {
		if d, ok := birth(text, flight); ok {
			t.Errorf("%s: %v", text, d)
		}
	}
	for text, want := range map[string]bool{"241126": true, "24112026": true, "310226": false, "000026": false, "2411": false, "24A126": false} {
		if _, ok := padisDate(text); ok != want {
			t.Errorf("%s: %v", text, ok)
		}
	}
}
