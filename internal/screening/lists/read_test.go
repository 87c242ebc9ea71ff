package lists_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/unicode"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/internal/screening/lists"
)

var update = flag.Bool("update", false, "write the golden files anew")

func load(t testing.TB, paths ...string) []lists.File {
	t.Helper()
	var files []lists.File
	for _, p := range paths {
		b, err := os.ReadFile(filepath.Join("testdata", p))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, lists.File{Name: p, Data: b})
	}
	return files
}

// Everything a publisher wrote is on the entry, in its field or as a note. The files are invented; their shapes are the
// publishers'.
func TestGoldenLists(t *testing.T) {
	t.Parallel()
	for name, paths := range map[string][]string{
		"ofac":              {"ofac/sdn.csv", "ofac/alt.csv", "ofac/add.csv", "ofac/sdn_comments.csv"},
		"ofac-alone":        {"ofac/sdn.csv"},
		"national-csv":      {"national_watchlist.csv"},
		"national-json":     {"national_watchlist.json"},
		"watchlist":         {"watchlist.csv"},
		"documents":         {"documents.csv"},
		"un-xml":            {"un_consolidated.xml"},
		"eu-xml":            {"eu_fsf.xml"},
		"eu-csv":            {"eu_fsf.csv"},
		"uk-csv":            {"uk_conlist.csv"},
		"ftm-json":          {"opensanctions.ftm.jsonl"},
		"ftm-nested":        {"nested.ftm.jsonl"},
		"ofac-xml":          {"ofac_sdn.xml"},
		"ofac-other-orders": {"ofac/alt.csv", "ofac/sdn_comments.csv", "ofac/sdn.csv", "ofac/add.csv"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			list, err := lists.Read(load(t, paths...))
			if err != nil {
				t.Fatal(err)
			}
			got, err := json.MarshalIndent(list, "", " ")
			if err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", "golden", name+".json")
			if name == "ofac-other-orders" {
				golden = filepath.Join("testdata", "golden", "ofac.json")
			} else if *update {
				if err := os.WriteFile(golden, append(got, '\n'), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)+"\n"); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A broken list is refused whole, with the place of each fault and how to mend it.
func TestFaultsSayWhereAndHow(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text string
		want       []fault.Fault // rule and place only
	}{
		{"nothing", "", []fault.Fault{{Rule: "list_empty"}}},
		{"header only", "id,name\n", []fault.Fault{{Rule: "list_empty", Line: 1}}},
		{"prose", "hello\nworld\n", []fault.Fault{{Rule: "list_format", Line: 1}}},
		{"unknown column", "id,name,religion\n1,A,x\n", []fault.Fault{{Rule: "column_unknown", Line: 1, Field: "religion"}}},
		{"no id column", "name,born\nA B,1990\n", []fault.Fault{{Rule: "column_missing", Line: 1, Field: "id"}}},
		{"id missing and bad date", "id,name,born\n,A B,1990\n2,B C,1990-13-01\n", []fault.Fault{{Rule: "entry_id", Line: 2, Field: "id"}, {Rule: "date", Line: 3, Field: "born"}}},
		{"id twice", "id,name\n1,A B\n1,C D\n", []fault.Fault{{Rule: "entry_id_twice", Line: 3, Field: "id"}}},
		{"row width", "id,name\n1,A,B\n", []fault.Fault{{Rule: "row_width", Line: 2}}},
		{"bare quote", "id,name\n1,A \"B\" C\n", []fault.Fault{{Rule: "csv", Line: 2}}},
		{"sex and country", "id,name,sex,nationality\n1,A B,male?,Utopia\n", []fault.Fault{{Rule: "sex", Line: 2, Field: "sex"}, {Rule: "country", Line: 2, Field: "nationality"}}},
		{"document", "id,name,documents\n1,A B,P99\n", []fault.Fault{{Rule: "document", Line: 2, Field: "documents"}}},
		{"stolen without number", "document_type,document_number\nP,\n", []fault.Fault{{Rule: "document", Line: 2, Field: "document_number"}}},
		{"json syntax", "{\n\"entries\": [\n{]}", []fault.Fault{{Rule: "json", Line: 3}}},
		{"json entry", `{"entries":[{"id":"1","name_en":"A B","birth_date":"yesterday"}]}`, []fault.Fault{{Rule: "date", Pointer: "/entries/0/birth_date"}}},
		{"json twice", `{"entries":[{"id":"1","name_en":"A B"},{"id":"1","name_en":"C D"}]}`, []fault.Fault{{Rule: "entry_id_twice", Pointer: "/entries/1/id"}}},
		{"json without entries", `{"list":"x"}`, []fault.Fault{{Rule: "list_format", Line: 1, Field: "entries"}}},
		{"another encoding", "id,name\n1,A B\n2,\xe3\xcd\xe3\xcf\n", []fault.Fault{{Rule: "encoding", Line: 3}}},
		{"no text", "id,name\n1,A\x00B\n", []fault.Fault{{Rule: "encoding", Line: 2}}},
		{"a name of ten megabytes", "id,name\n1,A\n2," + strings.Repeat("x", 10<<20) + "\n", []fault.Fault{{Rule: "value_size", Line: 3, Field: "name"}}},
		{"the same in JSON", `{"entries":[{"id":"1","name_en":"` + strings.Repeat("x", 10<<20) + `"}]}`, []fault.Fault{{Rule: "value_size", Pointer: "/entries/0/name_en"}}},
		{"a Hijri year among ours", "id,name,born\n1,A B,1405-10-24\n", []fault.Fault{{Rule: "date", Line: 2, Field: "born"}}},
		{"no Hijri date", "id,name,birth_date_hijri\n1,A B,1405-13-24\n", []fault.Fault{{Rule: "date", Line: 2, Field: "birth_date_hijri"}}},
		{"no kind of entry", "id,name,schema\n1,A B,Ghost\n", []fault.Fault{{Rule: "schema", Line: 2, Field: "schema"}}},
		{"a bomb", `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><CONSOLIDATED_LIST><INDIVIDUALS><INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>&b;</FIRST_NAME></INDIVIDUAL></INDIVIDUALS></CONSOLIDATED_LIST>`, []fault.Fault{{Rule: "xml_doctype", Line: 1}}},
		{"an external entity", "<!DOCTYPE export SYSTEM \"file:///etc/passwd\">\n<export><sanctionEntity logicalId=\"1\"/></export>", []fault.Fault{{Rule: "xml_doctype", Line: 1}}},
		{"an entity nobody declared", "<export>\n<sanctionEntity logicalId=\"1\"><nameAlias wholeName=\"&x;\"/></sanctionEntity></export>", []fault.Fault{{Rule: "xml", Line: 2, Path: "/export/sanctionEntity"}}},
		{"an XML file cut off", "<CONSOLIDATED_LIST><INDIVIDUALS>\n<INDIVIDUAL><DATAID>1</DATAID>", []fault.Fault{{Rule: "xml", Line: 2, Path: "/CONSOLIDATED_LIST/INDIVIDUALS/INDIVIDUAL"}}},
		{"deep XML", "<CONSOLIDATED_LIST><INDIVIDUAL>" + strings.Repeat("<A>", 100) + strings.Repeat("</A>", 100) + "</INDIVIDUAL></CONSOLIDATED_LIST>", []fault.Fault{{Rule: "xml_depth", Line: 1, Path: "/CONSOLIDATED_LIST/INDIVIDUAL"}}},
		{"deep XML outside", "<CONSOLIDATED_LIST>" + strings.Repeat("<A>", 100) + strings.Repeat("</A>", 100) + "</CONSOLIDATED_LIST>", []fault.Fault{{Rule: "xml_depth", Line: 1}}},
		{"an empty UN list", "<CONSOLIDATED_LIST><INDIVIDUALS/></CONSOLIDATED_LIST>", []fault.Fault{{Rule: "list_empty", Line: 1}}},
		{"UN without a name", "<CONSOLIDATED_LIST>\n<INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME/></INDIVIDUAL></CONSOLIDATED_LIST>", []fault.Fault{{Rule: "entry_name", Line: 2, Path: "/CONSOLIDATED_LIST/INDIVIDUAL/FIRST_NAME"}}},
		{"UN without an id", "<CONSOLIDATED_LIST>\n<ENTITY><FIRST_NAME>A</FIRST_NAME></ENTITY></CONSOLIDATED_LIST>", []fault.Fault{{Rule: "entry_id", Line: 2, Path: "/CONSOLIDATED_LIST/ENTITY/DATAID"}}},
		{"UN twice", "<CONSOLIDATED_LIST>\n<ENTITY><DATAID>1</DATAID><FIRST_NAME>A</FIRST_NAME></ENTITY>\n<ENTITY><DATAID>1</DATAID><FIRST_NAME>A</FIRST_NAME></ENTITY></CONSOLIDATED_LIST>", []fault.Fault{{Rule: "entry_id_twice", Line: 3, Field: "id"}}},
		{"UN, a name of ten megabytes", "<CONSOLIDATED_LIST>\n<ENTITY><DATAID>1</DATAID><FIRST_NAME>" + strings.Repeat("x", 10<<20) + "</FIRST_NAME></ENTITY></CONSOLIDATED_LIST>", []fault.Fault{{Rule: "value_size", Line: 2, Path: "/CONSOLIDATED_LIST/ENTITY/FIRST_NAME"}}},
		{"EU without a name", "<export>\n<sanctionEntity logicalId=\"1\"/></export>", []fault.Fault{{Rule: "entry_name", Line: 2, Path: "/export/sanctionEntity/nameAlias"}}},
		{"EU, a name of ten megabytes", "<export>\n<sanctionEntity logicalId=\"1\"><nameAlias wholeName=\"" + strings.Repeat("x", 10<<20) + "\"/></sanctionEntity></export>", []fault.Fault{{Rule: "value_size", Line: 2, Path: "/export/sanctionEntity/nameAlias"}}},
		{"OFAC XML without a name", "<sdnList>\n<sdnEntry><uid>1</uid></sdnEntry></sdnList>", []fault.Fault{{Rule: "entry_name", Line: 2, Path: "/sdnList/sdnEntry/lastName"}}},
		{"OFAC XML without an id", "<sdnList>\n<sdnEntry><lastName>A</lastName></sdnEntry></sdnList>", []fault.Fault{{Rule: "entry_id", Line: 2, Path: "/sdnList/sdnEntry/uid"}}},
		{"EU CSV without a name", "Entity_LogicalId;NameAlias_WholeName\n1;\n2;A B\n", []fault.Fault{{Rule: "entry_name", Line: 2, Field: "NameAlias_WholeName"}}},
		{"EU CSV without an id", "Entity_LogicalId;NameAlias_WholeName\n;A B\n", []fault.Fault{{Rule: "entry_id", Line: 2, Field: "Entity_LogicalId"}}},
		{"UK without a group", "Last Updated,15/01/2026\nName 6,Name 1,Group ID\nA,B,\n", []fault.Fault{{Rule: "entry_id", Line: 3, Field: "Group ID"}}},
		{"UK without a name", "Last Updated,15/01/2026\nName 6,Name 1,Group ID\n,,1\n", []fault.Fault{{Rule: "entry_name", Line: 3, Field: "Name 6"}}},
		{"FtM, a broken line", ftmLine("1", "A B") + "{\n" + ftmLine("2", "C D"), []fault.Fault{{Rule: "json", Line: 2}}},
		{"FtM, another shape", ftmLine("1", "A B") + `{"id":"2","schema":"Person","properties":{"name":"C D"}}`, []fault.Fault{{Rule: "json", Line: 2}}},
		{"FtM without a name", ftmLine("1", "A B") + `{"id":"2","schema":"Person","properties":{}}`, []fault.Fault{{Rule: "entry_name", Line: 2, Field: "properties/name"}}},
		{"FtM twice", ftmLine("1", "A B") + ftmLine("1", "C D"), []fault.Fault{{Rule: "entry_id_twice", Line: 2, Field: "id"}}},
		{"FtM, a name of ten megabytes", ftmLine("1", "A B") + ftmLine("2", strings.Repeat("x", 10<<20)), []fault.Fault{{Rule: "value_size", Line: 2, Field: "properties/name"}}},
		{"ofac, a name of ten megabytes", "1,\"" + strings.Repeat("x", 10<<20) + "\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n", []fault.Fault{{Rule: "value_size", Line: 1}}},
		{"ofac cut off", "1,\"A\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n2,\"B\",-0- \r\n", []fault.Fault{{Rule: "row_width", Line: 2}}},
		{"ofac without name", "1,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n", []fault.Fault{{Rule: "entry_name", Line: 1, Field: "SDN_Name"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := lists.Read([]lists.File{{Name: "list", Data: []byte(c.text)}})
			var listError *lists.Error
			if !errors.As(err, &listError) {
				t.Fatalf("got %v, want a *lists.Error", err)
			}
			var got []fault.Fault
			for _, f := range listError.Faults {
				if f.Message == "" {
					t.Errorf("%s says nothing", f.Rule)
				}
				got = append(got, fault.Fault{Rule: f.Rule, Line: f.Line, Field: f.Field, Pointer: f.Pointer, Path: f.Path})
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func ftmLine(id, name string) string {
	return `{"id":"` + id + `","schema":"Person","properties":{"name":["` + name + `"]}}` + "\n"
}

// A decision "not the same person" outlives a comment, and not a new birth date.
func TestHashIsOfWhatMatters(t *testing.T) {
	t.Parallel()
	e := lists.Entry{ID: "1", Schema: "Person", Names: []lists.Name{{Text: "A B"}}, Births: []string{"1990"}}
	commented := e
	commented.Notes, commented.Reason, commented.Line = []string{"new"}, "why", 9
	if e.Hash() != commented.Hash() {
		t.Error("a comment changes the hash")
	}
	if e.Digest() == commented.Digest() {
		t.Error("a comment does not change the digest")
	}
	born := e
	born.Births = []string{"1991"}
	if e.Hash() == born.Hash() {
		t.Error("a birth date does not change the hash")
	}
}

// A file as spreadsheets and older tools write it is read as what it says.
func TestEncodings(t *testing.T) {
	t.Parallel()
	const table = "id,name_ar,name_en\n1,محمد,Zoë Zorvani\n"
	utf16 := func(order unicode.Endianness) string {
		b, err := unicode.UTF16(order, unicode.UseBOM).NewEncoder().String(table)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	latin := "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><export><sanctionEntity logicalId=\"1\"><nameAlias wholeName=\"Zo\xeb Zorvani\"/></sanctionEntity></export>"
	for name, text := range map[string]string{
		"UTF-8": table, "UTF-8 with a mark": "\ufeff" + table, "UTF-16, little end first": utf16(unicode.LittleEndian), "UTF-16, big end first": utf16(unicode.BigEndian),
		"XML that declares Latin": latin, "OFAC in Windows letters": "1,\"Zo\xeb Zorvani\",\"individual\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n\x1a",
	} {
		list, err := lists.Read([]lists.File{{Name: "list", Data: []byte(text)}})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		names := list.Entries[0].Names
		if got := names[len(names)-1].Text; got != "Zoë Zorvani" {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// What fits into the bytes of a list may not fit into memory: there are only so many rows.
func TestTooManyRows(t *testing.T) {
	t.Parallel()
	text := append([]byte("document_number\n"), bytes.Repeat([]byte("\n"), 1<<20)...)
	if _, err := lists.Read([]lists.File{{Name: "list", Data: text}}); err == nil {
		t.Error("blank lines are a list")
	}
	_, err := lists.Read([]lists.File{{Name: "list", Data: append([]byte("{\"id\":\"1\",\"schema\":\"Person\",\"properties\":{}}\n"), bytes.Repeat([]byte("{}\n"), 7<<20)...)}})
	if wrong, ok := errors.AsType[*lists.Error](err); !ok || wrong.Faults[0].Rule != "list_rows" {
		t.Errorf("got %v", err)
	}
}

// What publishers write oddly is kept, told, and no reason to refuse the rest.
func TestOddValuesOfPublishersAreKept(t *testing.T) {
	t.Parallel()
	list, err := lists.Read([]lists.File{{Name: "un", Data: []byte(`<CONSOLIDATED_LIST><INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>A</FIRST_NAME><GENDER>Unsure</GENDER>
<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>in winter</DATE></INDIVIDUAL_DATE_OF_BIRTH></INDIVIDUAL></CONSOLIDATED_LIST>`)}})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"Gender: Unsure", "Birth date: in winter"}
	if diff := cmp.Diff(want, list.Entries[0].Notes); diff != "" || len(list.Warnings) != 2 {
		t.Errorf("%s %v", diff, list.Warnings)
	}
}

// A German's passport has D where a list has DEU: both are one country.
func TestGermanyAsPassportsHaveIt(t *testing.T) {
	t.Parallel()
	list, err := lists.Read([]lists.File{{Name: "own.csv", Data: []byte("id,name,nationality,documents\n1,A B,D,P:C01X00T47:D\n")}})
	if err != nil {
		t.Fatal(err)
	}
	e := list.Entries[0]
	if e.Countries[0].Code != "DEU" || e.Documents[0].Issuer != "DEU" {
		t.Errorf("%+v %+v", e.Countries, e.Documents)
	}
}

// The evaluation's table, documents and all, is a list as it stands.
func TestATableWithTabs(t *testing.T) {
	t.Parallel()
	list, err := lists.Read([]lists.File{{Name: "entities.tsv", Data: []byte("id\tsource\tname\taliases\tweak_aliases\tarabic_names\tbirth_dates\tcountries\tsex\tdocuments\tprogramme\n" +
		"x-1\tinvented\tZORVANI, Kassem \"Idris\"\tZARVANI, Q.|Zorvani\tThunder\tقاسم\t~1971|1969/1970\tSYR|LBN\tM\tP:X9900011:SYR|I:55\tP1\n")}})
	if err != nil {
		t.Fatal(err)
	}
	want := []lists.Entry{{ID: "x-1", Schema: "Person", Line: 2, Sex: "M", Births: []string{"~1971", "1969/1970"}, Programmes: []string{"P1"}, Reason: "P1",
		Names: []lists.Name{{Text: `ZORVANI, Kassem "Idris"`, Surname: "ZORVANI", Given: `Kassem "Idris"`, Kind: "primary"}, {Text: "ZARVANI, Q.", Surname: "ZARVANI", Given: "Q.", Kind: "alias"},
			{Text: "Zorvani", Kind: "alias"}, {Text: "قاسم", Kind: "alias"}, {Text: "Thunder", Kind: "alias", Weak: true}},
		Countries: []lists.Country{{Code: "SYR", Role: "nationality"}, {Code: "LBN", Role: "nationality"}},
		Documents: []lists.Document{{Type: "P", Number: "X9900011", Issuer: "SYR"}, {Type: "I", Number: "55"}}}}
	if diff := cmp.Diff(want, list.Entries); diff != "" {
		t.Error(diff)
	}
}

func FuzzRead(f *testing.F) {
	for _, p := range []string{
		"ofac/sdn.csv", "national_watchlist.csv", "national_watchlist.json", "watchlist.csv", "documents.csv",
		"un_consolidated.xml", "eu_fsf.xml", "eu_fsf.csv", "uk_conlist.csv", "opensanctions.ftm.jsonl", "nested.ftm.jsonl", "ofac_sdn.xml",
	} {
		f.Add(load(f, p)[0].Data)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		list, err := lists.Read([]lists.File{{Name: "list", Data: b}})
		if err != nil {
			return
		}
		if len(list.Entries) == 0 && !list.Partial {
			t.Error("an empty list was taken")
		}
		for i := range list.Entries {
			e := &list.Entries[i]
			if e.ID == "" || len(e.Names)+len(e.Documents)+len(e.Identifiers) == 0 {
				t.Errorf("an entry without an id, or with nothing to be known by: %+v", e)
			}
			if i > 0 && list.Entries[i-1].ID >= e.ID {
				t.Error("ids are not in order, or twice")
			}
		}
	})
}
