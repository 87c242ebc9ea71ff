package travel

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// Each case lists records as "id kind key=value …" and the groups they must form, ids joined by blanks.
func TestGather(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		records []string
		want    []string
	}{
		"list entry and booking meet by document": {
			[]string{"a api surname=KESTREL given=ADA document=925665416", "b pnr surname=KESTREL given=ADAMRS document=925665416"},
			[]string{"a b"},
		},
		"a document typed for somebody else does not make one of two": {
			[]string{"a api surname=KESTREL given=ADA document=925665416 born=1984-02-29", "b pnr surname=MARLOW given=JEAN document=925665416 born=1974-09-19"},
			[]string{"a", "b"},
		},
		"locator and the same name, titles and divisions aside": {
			[]string{"a api surname=AL%SAYED given=ABDUL%RAHMAN reservation=ABC123", "b pnr surname=ALSAYED given=ABDULRAHMANMR reservation=ABC123"},
			[]string{"a b"},
		},
		"a booking that shortens the given names": {
			[]string{"a api surname=ELMERGANI given=YOUSSEF%ABDELKADER reservation=QX7PLM", "b pnr surname=ELMERGANI given=YOUSSEF reservation=QX7PLM"},
			[]string{"a b"},
		},
		"father and son of one name are told apart by birth": {
			[]string{"a api surname=ALI given=MOHAMMED reservation=R born=1960-01-01", "b pnr surname=ALI given=MOHAMMED reservation=R born=1990-01-01"},
			[]string{"a", "b"},
		},
		"name and birth date without a locator": {
			[]string{"a api surname=BRANDT given=HOLLIS born=1991-05-05", "b pnr surname=BRANDT given=HOLLIS born=1991-05-05"},
			[]string{"a b"},
		},
		"the same name alone is not the same person": {
			[]string{"a api surname=ALI given=MOHAMMED", "b pnr surname=ALI given=MOHAMMED reservation=R"},
			[]string{"a", "b"},
		},
		"two lines of one list stay two, however alike": {
			[]string{"a api surname=ALI given=MOHAMMED reservation=R", "b api surname=ALI given=MOHAMMED reservation=R"},
			[]string{"a", "b"},
		},
		"two travellers of one booking stay two": {
			[]string{"a pnr surname=ALI given=MOHAMMED reservation=R document=12345678", "b pnr surname=ALI given=MOHAMMED reservation=R document=12345678"},
			[]string{"a", "b"},
		},
		"a close-out without a name meets by the carrier's reference": {
			[]string{"a api surname=KESTREL given=ADA abo=77", "b closeout abo=77"},
			[]string{"a b"},
		},
		"a close-out without a name meets by locator and seat": {
			[]string{"a api surname=KESTREL given=ADA reservation=R seat=12A", "b closeout reservation=R seat=12A", "c api surname=KESTREL given=TOM reservation=R seat=12B"},
			[]string{"a b", "c"},
		},
		"crew never become passengers": {
			[]string{"a crew surname=MARCHETTI given=LUCA role=crew document=YA1234567", "b pnr surname=MARCHETTI given=LUCA document=YA1234567"},
			[]string{"a", "b"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			records, on := make([]*Record, 0), map[*Record]bool{}
			for _, line := range c.records {
				r := parseRecord(line)
				records, on[r] = append(records, r), true
			}
			slices.SortFunc(records, func(a, b *Record) int { return strings.Compare(a.ID, b.ID) })
			var got []string
			for _, g := range gather(records, on) {
				var ids []string
				for _, r := range g.records {
					ids = append(ids, r.ID)
				}
				got = append(got, strings.Join(ids, " "))
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// However many equal lines somebody sends, gathering them stays quick.
func TestGatherIsBounded(t *testing.T) {
	t.Parallel()
	records, on := make([]*Record, 100_000), map[*Record]bool{}
	for i := range records {
		r := parseRecord("x api surname=ALI given=MOHAMMED born=1990-01-01 reservation=R document=A1234567 seat=1A abo=7")
		r.ID = fmt.Sprintf("%06d", i)
		records[i], on[r] = r, true
	}
	if got := len(gather(records, on)); got != len(records) {
		t.Errorf("%d groups of %d lines of one list", got, len(records))
	}
}

func parseRecord(line string) *Record {
	f := strings.Fields(line)
	r := &Record{ID: f[0], Kind: Kind(f[1]), Sender: "ZZ", Booking: "booking", Person: &Person{Role: "passenger"}}
	r.Seen = Clock{At: 1, Sent: 1, Ref: "1"}
	for _, kv := range f[2:] {
		k, v, _ := strings.Cut(kv, "=")
		v = strings.ReplaceAll(v, "%", " ")
		p := r.Person
		switch k {
		case "surname":
			p.Surname = v
		case "given":
			p.Given = v
		case "born":
			p.Born = v
		case "reservation":
			p.Reservation = v
		case "seat":
			p.Seat = v
		case "abo":
			p.CarrierReference = v
		case "role":
			p.Role = v
		case "document":
			p.Documents = append(p.Documents, Document{Type: "P", Number: v})
		}
	}
	return r
}
