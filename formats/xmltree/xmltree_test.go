package xmltree_test

import (
	"strings"
	"testing"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/xmltree"
)

// Every element knows its place.
func TestPlaces(t *testing.T) {
	t.Parallel()
	const text = "<?xml version=\"1.0\"?>\n<a:report xmlns:a=\"urn:x\">\n <item><n>1 &amp; &#x32;</n></item>\n <item><n><![CDATA[<two>]]></n></item>\n</a:report>\n"
	n := 0
	err := xmltree.Each([]byte(text), xmltree.Limits{}, func(tree *xmltree.Tree, f *fault.Fault) error {
		n++
		if f != nil {
			t.Fatal(f)
		}
		second := tree.Root.Child("item").Next.Child("n")
		if got := tree.Root.Value("item", "n"); got != "1 & 2" {
			t.Errorf("the first says %q", got)
		}
		if second.Text != "<two>" || tree.Path(second) != "report/item[2]/n" || tree.Line(second.Start) != 4 || text[second.Start] != '<' {
			t.Errorf("the second says %q at %s, line %d", second.Text, tree.Path(second), tree.Line(second.Start))
		}
		return nil
	})
	if err != nil || n != 1 {
		t.Errorf("%d documents (%v)", n, err)
	}
}

// What attackers need and messages do not is refused with its line; the next document of the file is still read.
func TestHostile(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"a document type":  "<!DOCTYPE a [<!ENTITY b \"c\">]><a/>",
		"an own entity":    "<a>&b;</a>",
		"deep nesting":     strings.Repeat("<a>", xmltree.MaxDepth+1),
		"another encoding": "\xff\xfe<\x00a\x00",
		"an open tag":      "<a><b></a>",
		"an end too soon":  "<a>",
		"a bad number":     "<a>&#0;</a>",
		"bytes no UTF-8":   "<a>\xc3\x28</a>",
		"too many":         "<a>" + strings.Repeat("<b/>", 11) + "</a>",
	} {
		faults, read := 0, 0
		err := xmltree.Each([]byte("<?xml version=\"1.0\"?>\n"+text+"\n<?xml version=\"1.0\"?><next/>"), xmltree.Limits{Elements: 10, Depth: 0, Bytes: 0},
			func(tree *xmltree.Tree, f *fault.Fault) error {
				switch {
				case f == nil:
					read++
				case f.Line == 0 || f.Rule == "" || f.Message == "":
					t.Errorf("%s: without place, rule or message: %+v", name, f)
				default:
					faults++
				}
				return nil
			})
		if err != nil || faults != 1 || read != 1 {
			t.Errorf("%s: %d faults, %d documents read after it (%v)", name, faults, read, err)
		}
	}
}

// Parts come one by one with their number, and one that is broken does not spoil those behind it.
func TestParts(t *testing.T) {
	t.Parallel()
	parts := &xmltree.Parts{Cut: func(parent *xmltree.Node, name string) bool { return name == "p" && parent.Name == "list" }}
	for name, test := range map[string]struct {
		text, want string // of each part what it says, or the fault's rule and path
		document   string // the rule of its fault
	}{
		"fine":               {"<list><head>h</head><p>1</p><p a=\"b\"><x>2</x></p><tail/></list>", "1 2", ""},
		"a crossed tag":      {"<list><p>1</p><p><x></y></p><p>3</p></list>", "1 xml_syntax@list/p[2]/x 3", ""},
		"an end forgotten":   {"<list><p>1</p><p><x>2</x><p>3</p></list>", "1 xml_syntax@list/p[2] 3", ""},
		"the last one's end": {"<list><p>1</p><p><x>2</list>", "1 xml_syntax@list/p[2]/x", ""},
		"an own entity":      {"<list><p>&evil;</p><p>2</p></list>", "xml_entity@list/p[1] 2", ""},
		"a type inside":      {"<list><p><!DOCTYPE x></p><p>2</p></list>", "xml_doctype@list/p[1] 2", ""},
		"a tag malformed":    {"<list><p a=b>1</p><p>2</p></list>", "xml_syntax@list 2", ""},
		"nested too deep":    {"<list><p>" + strings.Repeat("<d>", 50) + "</p><p>2</p></list>", "xml_depth@list/p[1]" + strings.Repeat("/d", 38) + " 2", ""},
		"cut short":          {"<list><p>1</p><p><x>2", "1 xml_truncated@list/p[2]/x", "xml_truncated"},
		"cut short between":  {"<list><p>1</p>", "1", "xml_truncated"},
		"broken behind":      {"<list><p>1</p><b></c></list>", "1", "xml_syntax"},
		"another behind it":  {"<list><p>1</p><p>2<?xml version=\"1.0\"?><other><p/></other>", "1 xml_truncated@list/p[2]", "xml_truncated"},
	} {
		var got []string
		var document string
		p := *parts
		p.Take = func(tree *xmltree.Tree, n *xmltree.Node, f *fault.Fault) error {
			switch {
			case f != nil:
				got = append(got, f.Rule+"@"+f.Path)
			case n.First != nil:
				got = append(got, n.First.Text)
			default:
				got = append(got, n.Text)
			}
			if n.Start >= n.End || n.End > len(test.text) || !strings.HasPrefix(tree.Path(n), "list/p[") {
				t.Errorf("%s: a part at %d to %d, %s", name, n.Start, n.End, tree.Path(n))
			}
			return nil
		}
		err := xmltree.EachPart([]byte(test.text), xmltree.Limits{}, &p, func(tree *xmltree.Tree, f *fault.Fault) error {
			if f != nil && document == "" {
				document = f.Rule
			}
			if f == nil && tree.Root.Child("p") != nil && tree.Root.Name == "list" {
				t.Errorf("%s: the tree kept a part", name)
			}
			return nil
		})
		if err != nil || strings.Join(got, " ") != test.want || document != test.document {
			t.Errorf("%s: %q, document %q (%v)", name, got, document, err)
		}
	}
}
