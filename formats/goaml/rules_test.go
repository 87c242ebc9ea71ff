package goaml_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/goaml"
)

func text(tb testing.TB, file string) string {
	tb.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		tb.Fatal(err)
	}
	return string(raw)
}

const transaction = "report/transaction[2]"

// Every fault that can be made by changing one place of a valid report is told, at that place, and at no other by its rule.
func TestFaults(t *testing.T) {
	t.Parallel()
	valid := text(t, "testdata/goaml-02-str-wire-out.xml")
	for name, test := range map[string]struct{ old, new, rule, path string }{
		"no number of the filer":      {"<rentity_id>4711</rentity_id>", "<rentity_id>0</rentity_id>", "E-GOAML-VALUE", "report/rentity_id"},
		"a filer's number with words": {"4711</rentity_id>", "47 11</rentity_id>", "E-GOAML-VALUE", "report/rentity_id"},
		"another submission code":     {"<submission_code>E<", "<submission_code>X<", "E-GOAML-CODE", "report/submission_code"},
		"no report code":              {"  <report_code>STR</report_code>\n", "", "E-GOAML-MISSING", "report/report_code"},
		"an empty report code":        {"<report_code>STR</report_code>", "<report_code/>", "E-GOAML-EMPTY", "report/report_code"},
		"two report codes":            {"<report_code>STR</report_code>", "<report_code>STR</report_code><report_code>STR</report_code>", "E-GOAML-REPEAT", "report/report_code[2]"},
		"a currency nobody has":       {"<currency_code_local>BHD<", "<currency_code_local>BHX<", "E-GOAML-CODE", "report/currency_code_local"},
		"both dates of the report":    {"<currency_code_local>", "<report_date>2026-05-15T09:30:00</report_date><currency_code_local>", "E-GOAML-CHOICE", "report/report_date"},
		"a day no calendar has":       {"2026-05-15T09:30:00</submission_date>", "2026-02-30T09:30:00</submission_date>", "E-GOAML-DATE", "report/submission_date"},
		"a date alone":                {"2026-05-15T09:30:00</submission_date>", "2026-05-15</submission_date>", "E-GOAML-DATE", "report/submission_date"},
		"a date with a zone":          {"2026-05-15T09:30:00</submission_date>", "2026-05-15T09:30:00Z</submission_date>", "E-GOAML-DATE", "report/submission_date"},
		"an hour no clock has":        {"2026-05-15T09:30:00</submission_date>", "2026-05-15T24:30:00</submission_date>", "E-GOAML-DATE", "report/submission_date"},
		"a name nobody has":           {"<reason>", "<motive>m</motive><reason>", "E-GOAML-UNKNOWN", "report/motive"},
		"text between elements":       {"<reporting_person>\n", "<reporting_person>Layla\n", "E-GOAML-TEXT", "report/reporting_person"},
		"an element for a value":      {"<action>Transfer", "<action><b>now</b>Transfer", "E-GOAML-VALUE", "report/action"},
		"too long":                    {"<transactionnumber>TX-20260514-0441", "<transactionnumber>" + strings.Repeat("T", 101), "E-GOAML-LENGTH", transaction + "/transactionnumber"},
		"a comment of two letters":    {"<transmode_code>SWIFT</transmode_code>\n    <transmode_comment>-<", "<transmode_code>SWIFT</transmode_code>\n    <transmode_comment>--<", "E-GOAML-LENGTH", transaction + "/transmode_comment"},
		"an amount with a thousands":  {"<amount_local>22400.000", "<amount_local>22,400.000", "E-GOAML-VALUE", transaction + "/amount_local"},
		"no amount":                   {"    <amount_local>22400.000</amount_local>\n", "", "E-GOAML-MISSING", transaction + "/amount_local"},
		"a sex of no list":            {"<gender>F</gender>\n        <first_name>Noor", "<gender>W</gender>\n        <first_name>Noor", "E-GOAML-CODE", transaction + "/t_from_my_client/t_conductor/gender"},
		"a country nobody is":         {"<residence>BH</residence>", "<residence>XQ</residence>", "E-GOAML-CODE", "report/transaction[1]/t_from_my_client/from_person/residence"},
		"a customer of no sex":        {"<gender>M</gender>\n        <first_name>Yusuf</first_name>", "<first_name>Yusuf</first_name>", "E-GOAML-MISSING", "report/transaction[1]/t_from_my_client/from_person/gender"},
		"a passport without country":  {"        <passport_country>BH</passport_country>\n", "", "E-GOAML-MISSING", "report/transaction[1]/t_from_my_client/from_person/passport_country"},
		"primary as a word":           {"<is_primary>1<", "<is_primary>true<", "E-GOAML-CODE", "report/transaction[1]/t_to_my_client/to_account/signatory[1]/is_primary"},
		"a truth that is none":        {"<non_bank_institution>false<", "<non_bank_institution>no<", "E-GOAML-VALUE", "report/transaction[1]/t_to_my_client/to_account/non_bank_institution"},
		"two kinds of bank code":      {"<swift>DLMNBHBM</swift>", "<institution_code>77</institution_code><swift>DLMNBHBM</swift>", "E-GOAML-CHOICE", "report/transaction[1]/t_to_my_client/to_account/swift"},
		"a balance without its day":   {"        <date_balance>2026-05-14T00:00:00</date_balance>\n", "", "E-GOAML-MISSING", "report/transaction[1]/t_to_my_client/to_account/date_balance"},
		"the order":                   {"<teller>T-09</teller>\n    <value_date>2026-05-14T15:40:00</value_date>", "<value_date>2026-05-14T15:40:00</value_date>\n    <teller>T-09</teller>", "E-GOAML-ORDER", transaction + "/value_date"},

		"a number used twice":        {"<transactionnumber>TX-20260514-0441", "<transactionnumber>TX-20260511-001", "B-GOAML-DUP-TX", transaction + "/transactionnumber"},
		"nothing paid":               {"<amount_local>22400.000", "<amount_local>0.000", "B-GOAML-AMOUNT", transaction + "/amount_local"},
		"too many decimals":          {"<amount_local>22400.000", "<amount_local>22400.0005", "B-GOAML-AMOUNT", transaction + "/amount_local"},
		"a foreign amount below 0":   {"<foreign_amount>59413.000", "<foreign_amount>-59413.000", "B-GOAML-AMOUNT", transaction + "/t_from_my_client/from_foreign_currency/foreign_amount"},
		"a rate that does not fit":   {"<foreign_exchange_rate>0.377", "<foreign_exchange_rate>0.277", "B-GOAML-CURRENCY", transaction + "/t_from_my_client/from_foreign_currency/foreign_exchange_rate"},
		"tomorrow":                   {"<date_transaction>2026-05-14T15:40:00", "<date_transaction>2026-05-16T15:40:00", "B-GOAML-FUTURE", transaction + "/date_transaction"},
		"six years ago":              {"<date_transaction>2026-05-14T15:40:00", "<date_transaction>2020-05-14T15:40:00", "B-GOAML-OLD", transaction + "/date_transaction"},
		"no name":                    {"<first_name>Noor</first_name>", "<first_name>Unknown</first_name>", "B-GOAML-PLACEHOLDER", transaction + "/t_from_my_client/t_conductor/first_name"},
		"the same name twice":        {"<first_name>Noor</first_name>", "<first_name>Alsample</first_name>", "B-GOAML-PLACEHOLDER", transaction + "/t_from_my_client/t_conductor/last_name"},
		"an account without a name":  {"<account_name>YUSUF ALSAMPLE", "<account_name>N/A", "B-GOAML-PLACEHOLDER", "report/transaction[1]/t_to_my_client/to_account/account_name"},
		"born in the time of Darwin": {"<birthdate>1990-01-20T", "<birthdate>1890-01-20T", "B-GOAML-BIRTH", transaction + "/t_from_my_client/t_conductor/birthdate"},
		"born tomorrow":              {"<birthdate>1990-01-20T", "<birthdate>2026-06-20T", "B-GOAML-FUTURE", transaction + "/t_from_my_client/t_conductor/birthdate"},
		"an IBAN copied wrong":       {"<iban>BH45DLMN00001299123456", "<iban>BH45DLMN00001299123465", "B-GOAML-IBAN", "report/transaction[1]/t_to_my_client/to_account/iban"},
		"account and IBAN differ":    {"<account>BH45DLMN00001299123456", "<account>1299123456", "B-GOAML-IBAN", "report/transaction[1]/t_to_my_client/to_account/account"},
		"a BIC of six":               {"<swift>DLMNBHBM<", "<swift>DLMNBH<", "B-GOAML-BIC", "report/transaction[1]/t_to_my_client/to_account/swift"},
		"a paper's number of dots":   {"<number>P7654321<", "<number>....<", "B-GOAML-ID", transaction + "/t_from_my_client/t_conductor/identifications/identification[1]/number"},
		"expired before issued":      {"<expiry_date>2031-01-31T", "<expiry_date>2011-01-31T", "B-GOAML-EXPIRY", "report/transaction[1]/t_from_my_client/from_person/identifications/identification[1]/expiry_date"},
		"a telephone with a plus":    {"<tph_number>30000345", "<tph_number>+30000345", "B-GOAML-PHONE", "report/transaction[1]/t_from_my_client/from_person/phones/phone[1]/tph_number"},
		"a short story":              {"<reason>Cash paid in over four days left the country at once; the beneficiary has no known trade with the customer.", "<reason>Cash paid in.", "B-GOAML-REASON", "report/reason"},
		"a country left open":        {"<from_country>BH<", "<from_country>-<", "B-GOAML-COUNTRY", "report/transaction[1]/t_from_my_client/from_country"},
		"an activity beside STR":     {"<report_code>STR<", "<report_code>SAR<", "B-GOAML-STRTX", "report/transaction[1]"},
		"an indicator twice":         {"<report_indicators>\n", "<report_indicators><indicator>TWICE</indicator><indicator>TWICE</indicator>\n", "B-GOAML-INDICATOR", "report/report_indicators/indicator[2]"},
	} {
		broken := strings.Replace(valid, test.old, test.new, 1)
		if broken == valid {
			t.Errorf("%s: the sample has no %q", name, test.old)
			continue
		}
		d := decode(t, broken)
		found := false
		for _, w := range d.Warnings {
			if w.Rule == test.rule && w.Path == test.path {
				found = true
				if w.Line == 0 || w.Offset == 0 || w.Message == "" || w.Mend == "" {
					t.Errorf("%s: not located: %+v", name, w)
				}
			}
		}
		if !found {
			t.Errorf("%s: %s at %s is not told, but %v", name, test.rule, test.path, d.Warnings)
		}
	}
}

// What is no report, or no XML, is refused whole with its place.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ text, rule string }{
		"another root":   {"<rapport><rentity_id>1</rentity_id></rapport>", "E-GOAML-ROOT"},
		"a type":         {"<!DOCTYPE report SYSTEM \"http://evil.example/x.dtd\"><report/>", "xml_doctype"},
		"laughs":         {"<?xml version=\"1.0\"?><!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]><report>&b;</report>", "xml_doctype"},
		"an own entity":  {"<report><reason>&who;</reason></report>", "xml_entity"},
		"cut short":      {"<report><rentity_id>1", "xml_truncated"},
		"crossed tags":   {"<report><reason></report></reason>", "xml_syntax"},
		"nested deep":    {strings.Repeat("<report>", goaml.MaxDepth+1), "xml_depth"},
		"another script": {"\xff\xfe<\x00r\x00", "xml_encoding"},
		"too many":       {"<report>" + strings.Repeat("<transaction/>", goaml.MaxTransactions+1) + "</report>", "E-GOAML-LIMIT"},
	} {
		var got []*fault.Fault
		err := goaml.Read([]byte(test.text), nil, func(_ *goaml.Document, f *fault.Fault) error {
			got = append(got, f)
			return nil
		})
		if err != nil || len(got) != 1 || got[0] == nil || got[0].Rule != test.rule || got[0].Line == 0 || got[0].Message == "" {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

// A unit's profile adds what it asks for.
func TestProfile(t *testing.T) {
	t.Parallel()
	valid := text(t, "testdata/goaml-01-str-structuring.xml")
	passport, err := goaml.NumberPattern(`^[A-Z][0-9]{8}$`)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		profile    goaml.Profile
		rule, path string
	}{
		"another filer":     {goaml.Profile{Filer: 4712}, "B-GOAML-FILER", "report/rentity_id"},
		"its own filer":     {goaml.Profile{Filer: 4711}, "", ""},
		"another currency":  {goaml.Profile{Currency: "AED"}, "B-GOAML-LOCAL", "report/currency_code_local"},
		"a passport's form": {goaml.Profile{Numbers: map[string]*regexp.Regexp{"PASSP/BH": passport}}, "B-GOAML-ID", "number"},
		"another's form":    {goaml.Profile{Numbers: map[string]*regexp.Regexp{"PASSP/JO": passport}}, "", ""},
		"a list of codes":   {goaml.Profile{Codes: map[string][]string{"transmode_code": {"SWIFT"}}}, "E-GOAML-CODE", "transmode_code"},
		"unfit indicators":  {goaml.Profile{Indicators: map[string][]string{"STR": {"OTHER"}}}, "B-GOAML-INDICATOR", "indicator"},
		"nothing asked for": {goaml.Profile{Mandatory: map[string]bool{"person/tax_reg_number": false}}, "", ""},
	} {
		err := goaml.Read([]byte(valid), &test.profile, func(d *goaml.Document, f *fault.Fault) error {
			switch {
			case f != nil:
				t.Errorf("%s: %v", name, f)
			case test.rule == "" && d.Refused():
				t.Errorf("%s: refused: %v", name, strict(d))
			case test.rule != "" && !told(d.Warnings, test.rule, test.path):
				t.Errorf("%s: %s is not told: %v", name, test.rule, d.Warnings)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// What is passed on says what the report says, and nothing of who filed it; the report stays as it was.
func TestDisseminate(t *testing.T) {
	t.Parallel()
	for _, file := range samples(t) {
		d := one(t, file)
		if d.Stage != goaml.Accepted {
			continue
		}
		before := string(goaml.Append(nil, &d.Report))
		unit := goaml.Unit{EntityID: 1, Reference: "D-2026-0009", Day: d.Day(), Hide: []string{"Bank of Dilmun (invented)", "DLMNBHBM", "Seef", "Layla"}}
		written := string(goaml.Append(nil, goaml.Disseminate(&d.Report, unit)))
		if diff := cmp.Diff(before, string(goaml.Append(nil, &d.Report))); diff != "" {
			t.Errorf("%s: the report changed:\n%s", file, diff)
		}
		for _, secret := range []string{"4711", "Seef", "SEEF", "Dilmun", "DLMNBHBM", "Layla", "Compliance officer", d.Reference, "T-09", "my_client", "TX-2026", "C-77120"} {
			if strings.Contains(written, secret) {
				t.Errorf("%s: %q is passed on", file, secret)
			}
		}
		for _, told := range []string{"Alsample", "1984-07-12", "P1234567", "D-2026-0009"} {
			if !strings.Contains(written, told) {
				t.Errorf("%s: %q is not passed on", file, told)
			}
		}
		err := goaml.Read([]byte(written), &goaml.Profile{Partner: true, Filer: 1}, func(again *goaml.Document, f *fault.Fault) error {
			if f != nil || again.Refused() {
				t.Errorf("%s: %v %v", file, f, strict(again))
			}
			if len(again.Transactions) != len(d.Transactions) {
				t.Errorf("%s: %d transactions", file, len(again.Transactions))
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// Two reasons that differ by their commas tell one story.
func TestReasonDigest(t *testing.T) {
	t.Parallel()
	if a, b := goaml.ReasonDigest("  Cash, paid-in;\nfour TIMES."), goaml.ReasonDigest("cash paid in four times"); a != b || a == "" {
		t.Errorf("%q and %q", a, b)
	}
	if a, b := goaml.ReasonDigest("أَوْدَعَ نقداً"), goaml.ReasonDigest("أودع نقدا"); a != b {
		t.Errorf("%q and %q", a, b)
	}
}

// FuzzRead: no input breaks the reader, and what it reads is written as XML that reads the same.
func FuzzRead(f *testing.F) {
	for _, file := range samples(f) {
		f.Add([]byte(text(f, file)))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		err := goaml.Read(raw, nil, func(d *goaml.Document, broken *fault.Fault) error {
			if broken != nil || d.Stage == goaml.BreaksSchema {
				return nil
			}
			written := goaml.Append(nil, &d.Report)
			return goaml.Read(written, nil, func(again *goaml.Document, broken *fault.Fault) error {
				if broken != nil {
					t.Fatalf("written unreadable: %v\n%s", broken, written)
				}
				if twice := goaml.Append(nil, &again.Report); string(twice) != string(written) {
					t.Fatalf("written twice, and not the same:\n%s", cmp.Diff(string(written), string(twice)))
				}
				return nil
			})
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
