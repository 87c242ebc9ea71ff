package cashdecl_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/formats/cashdecl"
	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/money"
)

// A declaration that breaks the form in one place is refused for that, at that place, and the others of the file pass.
func TestRefusedJSON(t *testing.T) {
	t.Parallel()
	clean := string(read(t, "testdata/cash-declarations.json"))
	alone := string(read(t, "testdata/cash-unaccompanied.json"))
	for name, test := range map[string]struct{ in, old, new, rule, pointer string }{
		"another schema":        {clean, cashdecl.Accompanied, "rihla.cash-declaration/v9", "E-CASH-SCHEMA", "/0/schema"},
		"no id":                 {clean, `"id": "CD-2026-000101",`, "", "E-CASH-ID", "/0/id"},
		"an id of numbers":      {clean, `"id": "CD-2026-000101",`, `"id": 101,`, "E-CASH-ID", "/0/id"},
		"one id twice":          {clean, "CD-2026-000102", "CD-2026-000101", "E-CASH-ID-DUPLICATE", "/1"},
		"another system":        {clean, `"system": "declaration"`, `"system": "declared"`, "E-CASH-SYSTEM", "/0/system"},
		"no direction":          {clean, `"direction": "out",`, "", "E-CASH-DIRECTION", "/0/direction"},
		"a direction across":    {clean, `"direction": "out"`, `"direction": "through"`, "E-CASH-DIRECTION", "/0/direction"},
		"a port of words":       {clean, `"port": "BAH"`, `"port": "Bahrain"`, "E-CASH-PORT", "/0/port"},
		"a time without offset": {clean, "2026-05-14T21:40:00+03:00", "2026-05-14T21:40:00", "E-CASH-DATE", "/0/made_at"},
		"an impossible day":     {clean, "2026-05-14T21:40:00+03:00", "2026-02-30T21:40:00+03:00", "E-CASH-DATE", "/0/made_at"},
		"a time long ago":       {clean, "2026-05-14T21:40:00+03:00", "0026-05-14T21:40:00+03:00", "E-CASH-DATE", "/0/made_at"},
		"nobody carries it":     {clean, `"by": {`, `"carrier": {`, "E-CASH-PARTY", "/0/by"},
		"no family name":        {clean, `"family_name": "ALSAMPLE",`, "", "E-CASH-PARTY", "/0/by/family_name"},
		"an impossible birth":   {clean, "1984-07-12", "1984-07-32", "E-CASH-DOB", "/0/by/dob"},
		"born tomorrow":         {clean, "1984-07-12", "2027-07-12", "E-CASH-DOB", "/0/by/dob"},
		"no birth":              {clean, `"dob": "1984-07-12",`, "", "E-CASH-DOB", "/0/by/dob"},
		"no country":            {clean, `"nationality": "BH"`, `"nationality": "XQ"`, "E-CASH-PARTY", "/0/by/nationality"},
		"no document's number":  {clean, `"number": "P1234567"`, `"number": ""`, "E-CASH-DOCUMENT", "/0/by/document/number"},
		"no document":           {clean, "\"document\": {\n        \"type\": \"P\",\n        \"number\": \"P1234567\",\n        \"issuer\": \"BH\"\n      },", "", "E-CASH-DOCUMENT", "/0/by/document"},
		"an owner of nothing":   {clean, `"same_as": "by"`, `"same_as": "him"`, "E-CASH-PARTY", "/0/owner/same_as"},
		"an owner of no kind":   {clean, `"kind": "organisation"`, `"kind": "thing"`, "E-CASH-PARTY", "/2/owner/kind"},
		"no items":              {clean, "\"items\": [\n      {\n        \"kind\": \"banknotes\",\n        \"currency\": \"USD\",\n        \"amount\": \"9800.00\"\n      }\n    ]", `"items": []`, "E-CASH-ITEMS", "/0/items"},
		"items no list":         {clean, "\"items\": [\n      {\n        \"kind\": \"banknotes\",\n        \"currency\": \"USD\",\n        \"amount\": \"9800.00\"\n      }\n    ]", `"items": {}`, "E-CASH-ITEMS", "/0/items"},
		"an item of wood":       {clean, `"kind": "banknotes"`, `"kind": "timber"`, "E-CASH-KIND", "/0/items/0/kind"},
		"a currency unknown":    {clean, `"currency": "USD"`, `"currency": "USX"`, "E-CASH-CURRENCY", "/0/items/0/currency"},
		"a thousands sign":      {clean, `"9800.00"`, `"9,800.00"`, "E-CASH-AMOUNT", "/0/items/0/amount"},
		"nothing":               {clean, `"9800.00"`, `"0.00"`, "E-CASH-AMOUNT", "/0/items/0/amount"},
		"below nothing":         {clean, `"9800.00"`, `"-9800.00"`, "E-CASH-AMOUNT", "/0/items/0/amount"},
		"as floats are":         {clean, `"9800.00"`, `9.8e3`, "E-CASH-AMOUNT", "/0/items/0/amount"},
		"an endless amount":     {clean, `"9800.00"`, `"` + strings.Repeat("9", 400) + `"`, "E-CASH-AMOUNT", "/0/items/0/amount"},
		"a value of words":      {clean, `"value_usd": 9800.0`, `"value_usd": "much"`, "E-CASH-AMOUNT", "/0/value_usd"},
		"from nowhere":          {clean, `"provenance": "savings"`, `"provenance": " "`, "E-CASH-PROVENANCE", "/0/provenance"},
		"a day of travel":       {clean, `"date": "2026-05-14"`, `"date": "14.05.2026"`, "E-CASH-JOURNEY", "/0/journey/date"},
		"another outcome":       {clean, `"outcome": "difference"`, `"outcome": "differs"`, "E-CASH-OUTCOME", "/2/result/outcome"},
		"counted in nothing":    {clean, `"amount": "61500.00"`, `"amount": "lots"`, "E-CASH-AMOUNT", "/2/result/counted/0/amount"},
		"checked perhaps":       {clean, `"checked": false`, `"checked": "perhaps"`, "E-CASH-OUTCOME", "/0/result/checked"},
		"a name twice":          {clean, `"id": "CD-2026-000101",`, `"id": "CD-2026-000101", "id": "CD-2026-000100",`, "E-CASH-JSON", "/0/id"},
		"half a character":      {clean, "ALSAMPLE", `AL\ud800SAMPLE`, "E-CASH-JSON", "/0/by/family_name"},
		"nested without end":    {clean, `"note": "Below`, `"x": ` + strings.Repeat("[", 70) + strings.Repeat("]", 70) + `, "note": "Below`, "E-CASH-JSON", ""},
		"a number among them":   {clean, "[\n  {", "[ 7,\n  {", "E-CASH-JSON", "/0"},
		"no sender":             {alone, `"sender": {`, `"from": {`, "E-CASH-PARTY", "/sender"},
		"no carriage":           {alone, `"carriage": {`, `"transport": {`, "E-CASH-JOURNEY", "/carriage"},
		"asked on no day":       {alone, `"asked_at": "2026-05-15T10:00:00+03:00"`, `"asked_at": "yesterday"`, "E-CASH-DATE", "/asked_at"},
	} {
		broken := strings.Replace(test.in, test.old, test.new, 1)
		if broken == test.in {
			t.Errorf("%s: the sample has no %q", name, test.old)
			continue
		}
		want, d := len(one(t, []byte(test.in)).Declarations)-1, one(t, []byte(broken))
		if name == "a number among them" {
			want++
		}
		if len(d.Declarations) != want {
			t.Errorf("%s: %d declarations pass, not %d: %v", name, len(d.Declarations), want, d.Lost)
		}
		told := false
		for _, f := range d.Lost {
			told = told || f.Rule == test.rule && (f.Pointer == test.pointer || test.pointer == "" && f.Pointer != "")
			if f.Message == "" || f.Mend == "" || f.What != "declaration" || f.Length <= 0 || f.Offset+f.Length > len(broken) {
				t.Errorf("%s: not located: %+v", name, f)
			}
		}
		if !told {
			t.Errorf("%s: %s at %s is not told, but %v", name, test.rule, test.pointer, d.Lost)
		}
	}
}

// A list that is broken in one declaration, or cut short, keeps the others, each with its place in the file.
func TestBrokenList(t *testing.T) {
	t.Parallel()
	clean := string(read(t, "testdata/cash-declarations.json"))
	for name, test := range map[string]struct {
		text    string
		passed  int
		lost    string // pointer
		warning bool
	}{
		"a colon forgotten": {strings.Replace(clean, `"port": "BAH"`, `"port" "BAH"`, 1), 3, "/0", false},
		"a comma too many":  {strings.Replace(clean, `"means": "air"`, `"means": "air",`, 1), 3, "/0", false},
		"cut short":         {clean[:strings.LastIndex(clean, `"provenance"`)], 3, "/3", false},
		"no end":            {strings.TrimRight(clean, "]\n "), 4, "", true},
		"something behind":  {clean + "{}", 4, "", true},
	} {
		d := one(t, []byte(test.text))
		if len(d.Declarations) != test.passed || (len(d.Warnings) > 0) != test.warning || len(d.Lost) == 0 != (test.lost == "") {
			t.Errorf("%s: %d pass, lost %v, warned %v", name, len(d.Declarations), d.Lost, d.Warnings)
			continue
		}
		for _, f := range d.Lost {
			if f.Pointer != test.lost || f.Rule != "E-CASH-JSON" || test.text[f.Offset] != '{' || f.Offset+f.Length > len(test.text) {
				t.Errorf("%s: %+v", name, f)
			}
		}
		for _, x := range d.Declarations {
			if !strings.HasPrefix(test.text[x.Offset:], "{") || !strings.HasSuffix(test.text[x.Offset:x.Offset+x.Length], "}") {
				t.Errorf("%s: %s stands at %d", name, x.ID, x.Offset)
			}
		}
	}
}

// What is odd is taken, and told.
func TestRemarksJSON(t *testing.T) {
	t.Parallel()
	clean := string(read(t, "testdata/cash-declarations.json"))
	alone := string(read(t, "testdata/cash-unaccompanied.json"))
	zone := `P<BHRALSAMPLE<<YUSUF<<<<<<<<<<<<<<<<<<<<<<<<\nP1234567<8BHR8407121M3101317<<<<<<<<<<<<<<04`
	for name, test := range map[string]struct{ in, old, new, rule, pointer string }{
		"an amount as number":   {clean, `"9800.00"`, `9800.00`, "W-CASH-NUMBER", "/0/items/0/amount"},
		"tenths of a cent":      {clean, `"9800.00"`, `"9800.005"`, "W-CASH-DECIMALS", "/0/items/0/amount"},
		"a member nobody knows": {clean, `"note": "Below`, `"nota": "Below`, "W-CASH-UNKNOWN", "/0/nota"},
		"no use":                {clean, `"intended_use": "tourism",`, "", "W-CASH-USE", "/0/intended_use"},
		"long beforehand":       {clean, `"date": "2026-05-14"`, `"date": "2026-05-19"`, "W-CASH-EARLY", "/0/made_at"},
		"a flight of letters":   {clean, `"flight": "GF11"`, `"flight": "GULF ELEVEN"`, "W-CASH-FLIGHT", "/0/journey/flight"},
		"a document of dots":    {clean, `"number": "P1234567"`, `"number": "P.1"`, "W-CASH-DOCUMENT", "/0/by/document/number"},
		"another zone":          {clean, `"number": "P1234567"`, `"number": "P7654321", "mrz": "` + zone + `"`, "W-CASH-MRZ", "/0/by/document/number"},
		"a zone misread":        {clean, `"number": "P1234567"`, `"number": "P1234567", "mrz": "` + zone + `"`, "W-CASH-MRZ", "/0/by/document/mrz"},
		"no zone at all":        {clean, `"number": "P1234567"`, `"number": "P1234567", "mrz": "P<BHR"`, "W-CASH-MRZ", "/0/by/document/mrz"},
		"gold of brass":         {clean, `"0.9995"`, `"0.585"`, "W-CASH-FINENESS", "/3/items/0/fineness"},
		"gold finer than gold":  {clean, `"0.9995"`, `"999.5"`, "W-CASH-FINENESS", "/3/items/0/fineness"},
		"an outcome unchecked":  {clean, "\"checked\": true,\n      \"counted\"", "\"checked\": false,\n      \"counted\"", "W-CASH-RESULT", "/2/result"},
		"a deadline too near":   {alone, "2026-06-14T10:00:00", "2026-06-01T10:00:00", "W-CASH-DEADLINE", "/deadline"},
		"a waybill miscopied":   {alone, "072-12345675", "072-12345674", "W-CASH-WAYBILL", "/carriage/waybill"},
	} {
		odd := strings.Replace(test.in, test.old, test.new, 1)
		if odd == test.in {
			t.Errorf("%s: the sample has no %q", name, test.old)
			continue
		}
		d := one(t, []byte(odd))
		if len(d.Lost) != 0 {
			t.Errorf("%s: refused: %v", name, d.Lost)
		}
		told := false
		for _, f := range d.Warnings {
			told = told || f.Rule == test.rule && f.Pointer == test.pointer && f.Message != "" && f.Mend != ""
		}
		if !told {
			t.Errorf("%s: %s at %s is not told, but %v", name, test.rule, test.pointer, d.Warnings)
		}
	}
}

const header = "id,system,direction,port,made_at,family_name,given_names,dob,nationality,document_number,flight,flight_date,kind,currency,amount,value_usd,provenance,intended_use,outcome\n"

func csvRow(id string) string {
	return id + ",declaration,out,BAH,2026-05-14T21:40:00+03:00,ALSAMPLE,YUSUF,1984-07-12,BH,P1234567,GF11,2026-05-14,banknotes,USD,9800.00,9800.00,savings,tourism,\n"
}

// A bad row is refused alone, with its line and column; the rows around it pass.
func TestRefusedCSV(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ old, new, rule, field string }{
		"no id":                  {"BAD,", ",", "E-CASH-ID", "id"},
		"another system":         {",declaration,", ",declare,", "E-CASH-SYSTEM", "system"},
		"a direction across":     {",out,", ",over,", "E-CASH-DIRECTION", "direction"},
		"a port of words":        {",BAH,", ",Manama,", "E-CASH-PORT", "port"},
		"a local form of date":   {"2026-05-14T21:40:00+03:00", "14/05/2026 21:40", "E-CASH-DATE", "made_at"},
		"no name":                {",ALSAMPLE,", ",,", "E-CASH-PARTY", "family_name"},
		"a month thirteen":       {"1984-07-12", "1984-13-12", "E-CASH-DOB", "dob"},
		"a country unknown":      {",BH,", ",XQ,", "E-CASH-PARTY", "nationality"},
		"no document":            {",P1234567,", ",,", "E-CASH-DOCUMENT", "document_number"},
		"a day of travel":        {",2026-05-14,", ",May 14,", "E-CASH-JOURNEY", "flight_date"},
		"an item of wood":        {",banknotes,", ",timber,", "E-CASH-KIND", "kind"},
		"a currency unknown":     {",USD,", ",XQX,", "E-CASH-CURRENCY", "currency"},
		"a thousands sign":       {",9800.00,9800", `,"9,800.00",9800`, "E-CASH-AMOUNT", "amount"},
		"a value of words":       {"9800.00,savings", "much,savings", "E-CASH-AMOUNT", "value_usd"},
		"from nowhere":           {",savings,", ",,", "E-CASH-PROVENANCE", "provenance"},
		"another outcome":        {"tourism,", "tourism,maybe", "E-CASH-OUTCOME", "outcome"},
		"a column too few":       {",tourism,", ",tourism", "E-CASH-COLUMN", ""},
		"a column too many":      {",tourism,", ",tourism,,", "E-CASH-COLUMN", ""},
		"a comma without quotes": {",savings,", ",savings, mostly,", "E-CASH-COLUMN", ""},
		"a quote inside":         {",savings,", `,sav"ings,`, "E-CASH-COLUMN", ""},
		"text behind a quote":    {",savings,", `,"savings"x,`, "E-CASH-COLUMN", ""},
		"a quote never closed":   {",savings,", `,"savings,`, "E-CASH-COLUMN", ""},
		"bytes no UTF-8":         {"ALSAMPLE", "AL\xc3\x28", "E-CASH-COLUMN", ""},
	} {
		bad := strings.Replace(csvRow("BAD"), test.old, test.new, 1)
		text := header + csvRow("ONE") + bad + csvRow("TWO")
		d := one(t, []byte(text))
		var got []string
		for _, x := range d.Declarations {
			got = append(got, x.ID)
		}
		if diff := cmp.Diff([]string{"ONE", "TWO"}, got); diff != "" {
			t.Errorf("%s: %s %v", name, diff, d.Lost)
		}
		told := false
		for _, f := range d.Lost {
			told = told || f.Rule == test.rule && f.Field == test.field
			if f.Line != 3 || f.Offset != len(header)+len(csvRow("ONE")) || f.Length != len(bad)-1 || f.Message == "" || f.Mend == "" || (test.field != "") != (f.Column > 0) {
				t.Errorf("%s: not located: %+v", name, f)
			}
		}
		if !told {
			t.Errorf("%s: %s of %s is not told, but %v", name, test.rule, test.field, d.Lost)
		}
	}
}

// Rows of one id are one declaration, wherever they stand; one that contradicts the first, or is bad, refuses them all.
func TestRowsOfOne(t *testing.T) {
	t.Parallel()
	more := func(old, new string) string { return strings.Replace(csvRow("ONE"), old, new, 1) }
	d := one(t, []byte(header+csvRow("ONE")+csvRow("TWO")+more("banknotes,USD,9800.00", "travellers_cheques,EUR,500.00")))
	if len(d.Declarations) != 2 || len(d.Declarations[0].Items) != 2 || d.Declarations[0].Items[1].Currency != "EUR" {
		t.Errorf("%+v, lost %v", d.Declarations, d.Lost)
	}
	for name, second := range map[string]string{"another port": more(",BAH,", ",MCT,"), "a bad amount": more("USD,9800.00", "USD,x")} {
		d := one(t, []byte(header+csvRow("ONE")+csvRow("TWO")+second))
		lines := map[int]string{}
		for _, f := range d.Lost {
			lines[f.Line] = f.Rule
		}
		if len(d.Declarations) != 1 || d.Declarations[0].ID != "TWO" || lines[2] != "E-CASH-ROW" || lines[4] == "" {
			t.Errorf("%s: %d pass, lost %v", name, len(d.Declarations), d.Lost)
		}
	}
}

// A file of which nothing can be read says why, and where.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ text, rule string }{
		"nothing":           {"", "E-CASH-HEADER"},
		"a column missing":  {strings.Replace(header, "dob,", "", 1) + csvRow("ONE"), "E-CASH-HEADER"},
		"a column twice":    {strings.Replace(header, "dob,", "dob,dob,", 1), "E-CASH-HEADER"},
		"semicolons":        {strings.ReplaceAll(header, ",", ";"), "E-CASH-HEADER"},
		"cut short":         {`[{"schema":"` + cashdecl.Accompanied + `"`, "E-CASH-JSON"},
		"no declarations":   {"[]", "E-CASH-JSON"},
		"two documents":     {"{} {}", "E-CASH-JSON"},
		"a comma too many":  {`[{"schema":"x"},]`, "E-CASH-JSON"},
		"deep without end":  {strings.Repeat("[", 100_000), "E-CASH-JSON"},
		"a quote in header": {`"id`, "E-CASH-HEADER"},
	} {
		var got *fault.Fault
		err := cashdecl.Read([]byte(test.text), func(d *cashdecl.Document, f *fault.Fault) error {
			if got = f; f == nil {
				t.Errorf("%s: read as %+v", name, d)
			}
			return nil
		})
		if err != nil || got == nil || got.Rule != test.rule || got.Message == "" || got.Mend == "" {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

// Whatever is recognised as declarations of cash is, and what is not is not.
func TestRecognise(t *testing.T) {
	t.Parallel()
	for _, file := range samples(t) {
		if !cashdecl.Recognise(read(t, file)) {
			t.Errorf("%s is not recognised", file)
		}
	}
	for _, other := range []string{"", "{}", `{"type":"bundle","objects":[]}`, "UNB+UNOA", "id,name\n1,x", "<report/>", `{"Event":{"items":[]}}`} {
		if cashdecl.Recognise([]byte(other)) {
			t.Errorf("%q is taken for declarations", other)
		}
	}
}

// table is a day's rates.
var table = money.NewTable(
	money.Rate{From: "EUR", To: "USD", Day: date.Date{Year: 2026, Month: 1, Day: 1}, Value: decimal("1.0929"), Source: "test"},
	money.Rate{From: "USD", To: "BHD", Day: date.Date{Year: 2026, Month: 1, Day: 1}, Value: decimal("0.376"), Source: "test"},
)

func decimal(text string) money.Decimal {
	d, err := money.Parse(text)
	if err != nil {
		panic(err)
	}
	return d
}

// Values and counts are held to the day's rates, to one of a hundred.
func TestCheck(t *testing.T) {
	t.Parallel()
	d := one(t, read(t, "testdata/cash-declarations.json")).Declarations
	var got []string
	for _, x := range d {
		for _, f := range cashdecl.Check(x, table) {
			got = append(got, x.ID+" "+f.Rule+" "+f.Pointer)
		}
	}
	if diff := cmp.Diff([]string{"CD-2026-000103 W-CASH-DIFFERENCE /2/result"}, got); diff != "" {
		t.Error(diff)
	}
	total, ok := cashdecl.Total(d[2].Items, "USD", d[2].Day(), table)
	if !ok || total.String() != "48901.80" {
		t.Errorf("%s, %v", total, ok)
	}
	for value, warned := range map[string]bool{"48901.80": false, "48900": false, "49390": false, "49392": true, "48400": true, "0": true} {
		x := *d[2]
		x.Value, x.Result = cashdecl.Value{Decimal: decimal(value)}, nil
		if found := len(cashdecl.Check(&x, table)) > 0; found != warned {
			t.Errorf("%s: %v", value, found)
		}
	}
	if _, ok := cashdecl.Total([]cashdecl.Item{{Currency: "KWD", Amount: decimal("1")}}, "USD", d[2].Day(), table); ok {
		t.Error("a rate nobody told was found")
	}
}

// Counted: within one of a hundred it agrees; another currency never does; what was not counted says nothing.
func TestDifferences(t *testing.T) {
	t.Parallel()
	for counted, want := range map[string]int{"USD 10000": 0, "USD 10099": 0, "USD 10102": 1, "USD 9890": 1, "EUR 5": 1, "EUR 0": 0, "USD 10000,SAR 20": 1, "USD 4000,USD 6000": 0, "": 0} {
		d := &cashdecl.Declaration{Items: []cashdecl.Item{{Kind: "banknotes", Currency: "USD", Amount: decimal("10000")}}, Result: &cashdecl.Result{Checked: true}}
		for _, c := range strings.Split(counted, ",") {
			if currency, amount, ok := strings.Cut(c, " "); ok {
				d.Result.Counted = append(d.Result.Counted, cashdecl.Count{Currency: currency, Amount: decimal(amount)})
			}
		}
		if got := d.Differences(); len(got) != want {
			t.Errorf("%s: %v", counted, got)
		}
	}
}

// Dinars keep their third decimal through every form (R-FND-18).
func TestExactDinars(t *testing.T) {
	t.Parallel()
	row := strings.Replace(csvRow("ONE"), "USD,9800.00", "BHD,3760.005", 1)
	d := one(t, []byte(header+row))
	written := string(cashdecl.Append(nil, d.Declarations[0]))
	if !strings.Contains(written, `"3760.005"`) || !strings.Contains(written, `"value_usd":9800.00`) {
		t.Error(written)
	}
	again := one(t, []byte(written)).Declarations[0]
	if diff := cmp.Diff(d.Declarations[0], again, same...); diff != "" {
		t.Error(diff)
	}
}

// A large file is read in little time.
func BenchmarkReadCSV(b *testing.B) {
	var text strings.Builder
	text.WriteString(header)
	for i := range 5000 {
		text.WriteString(csvRow(fmt.Sprintf("CD-%06d", i)))
	}
	raw := []byte(text.String())
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		if d := one(b, raw); len(d.Declarations) != 5000 {
			b.Fatal(d.Lost)
		}
	}
}

func BenchmarkReadJSON(b *testing.B) {
	list := one(b, read(b, "testdata/cash-declarations.json")).Declarations
	var all []*cashdecl.Declaration
	for i := range 5000 {
		d := *list[i%len(list)]
		d.ID = fmt.Sprintf("CD-%06d", i)
		all = append(all, &d)
	}
	raw := cashdecl.AppendList(nil, all)
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		if d := one(b, raw); len(d.Declarations) != 5000 {
			b.Fatal(d.Lost)
		}
	}
}
