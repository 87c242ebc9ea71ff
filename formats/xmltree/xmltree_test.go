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
