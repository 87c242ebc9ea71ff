package cargo_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/internal/cargo"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/store/storetest"
)

// A broken house among good ones: the good are stored, the broken is answered by an FNA.
func TestBrokenHouseAmongGood(t *testing.T) {
	t.Parallel()
	o := openOffice(t, storetest.SQLite(t))
	good := sample(t, "04-two-houses-one-message.fhl")
	at := strings.Index(good, "HBS/")
	line := good[at : at+strings.IndexByte(good[at:], '\r')]
	o.file(petra.Name, "r1", strings.Replace(good, line, "HBS//AMMJFK/X/K", 1))
	if rows := o.rows(huda, ""); len(rows) != 1 {
		t.Errorf("stored are %+v", rows)
	}
	if got := o.sent(petra.Name); !slices.Contains(got, "FNA") {
		t.Errorf("the forwarder is sent %q", got)
	}
}

// What cannot be read at all is refused in the filer's own format, and leaves no trace in the room.
func TestUnreadableIsAnswered(t *testing.T) {
	t.Parallel()
	o := openOffice(t, storetest.SQLite(t))
	for i, body := range []string{
		"FWB/16\r\n969-10000012AMMFRA/TXK250.5\r\n", "FHL/4\r\nHBS/X1/AMMJFK/2/K12//BOOKS\r\n", "FWB/16\r\n", "FFM/8\r\n1/9X101/15MAR0915/AMM\r\nLAST\r\n",
	} {
		o.empty()
		err := o.tryFile(petra.Name, fmt.Sprint("r", i), body)
		if err == nil {
			t.Errorf("%q was taken", body)
		}
		if len(o.answers) != 1 || o.answers[0].Kind != "fna" || !strings.HasPrefix(string(o.answers[0].Body), "FNA/") {
			t.Errorf("%q was answered %+v", body, o.answers)
		}
	}
	if rows := o.rows(huda, ""); len(rows) != 0 {
		t.Errorf("stored are %+v", rows)
	}
}

// A waybill booked on another's flights is refused of a key that may file for some carriers only.
func TestNotYours(t *testing.T) {
	t.Parallel()
	k := open(t, storetest.SQLite(t))
	f := pipeline.Filing{Report: intake.Report{ID: "r", Filer: intake.Filer{Name: "Zed", Carriers: []string{"ZZ"}}, Received: k.now}}
	if err := k.d.Formats()[0].Read([]byte(sample(t, "01-direct-v16.fwb")), k.now, func(m pipeline.Message) error {
		f.Messages = append(f.Messages, m)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := k.d.Plan(t.Context(), k.st.Read(), f); err == nil || err.(*fault.Fault).Rule != "not_yours" {
		t.Errorf("the plan answered %v", err)
	}
}

// Every sample, and forty ways to break each of two, are planned and written or refused: never a panic, never half.
func TestHostilePost(t *testing.T) {
	t.Parallel()
	o := openOffice(t, storetest.SQLite(t))
	o.rulebook()
	names, err := filepath.Glob("testdata/*.f*")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	send := func(body string) {
		n++
		if err := o.tryFile(petra.Name, fmt.Sprint("r", n), body); err != nil {
			if refused := (*fault.Fault)(nil); !asFault(err, &refused) && err.Error() != "not recognised" {
				t.Errorf("%q: %v", body[:min(len(body), 80)], err)
			}
		}
	}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		send(string(b))
	}
	for _, name := range []string{"04-two-houses-one-message.fhl", "01-direct-v16.fwb"} {
		whole := sample(t, name)
		lines := strings.SplitAfter(whole, "\n")
		for i := range 40 {
			at := 1 + i%(len(lines)-1)
			broken := slices.Clone(lines)
			switch i % 5 {
			case 0:
				broken = slices.Delete(broken, at, at+1)
			case 1:
				broken[at] = broken[at] + broken[at]
			case 2:
				broken[at] = strings.Repeat("/", 40) + "\r\n"
			case 3:
				broken[at] = strings.Repeat("Ω", 70) + broken[at]
			case 4:
				broken[at] = strings.ReplaceAll(broken[at], "1", "99999999999999999999")
			}
			send(strings.Join(broken, ""))
		}
	}
	for _, who := range []string{"", "?state=incomplete", "?state=complete"} {
		o.rows(huda, who)
	}
	var page struct{ Items []cargo.Row }
	o.ask(http.MethodGet, "/api/v1/cargo/consignments", nil, &page)
	for _, r := range page.Items {
		if code := o.ask(http.MethodGet, "/api/v1/cargo/consignments/"+r.ID, nil, nil); code != http.StatusOK {
			t.Errorf("%s answers %d", r.Master, code)
		}
	}
}
