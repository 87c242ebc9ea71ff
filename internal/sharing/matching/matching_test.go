package matching_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/screening/names"
	"github.com/rihla/rihla/internal/sharing/matching"
)

// The sample's vectors are met exactly, and a changed one is told.
func TestVectors(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/private-matching-vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	got, err := matching.CheckVectors(text)
	if diff := cmp.Diff(matching.Checked{Tags: 3, Queries: 3}, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	for _, wrong := range []struct{ was, is, differs string }{
		{"482c7cf2", "482c7cf3", "list_tags[kp1|d|JOR|T0099881]"},
		{"38d4298c", "38d4298d", "pk"},
		{"89cae1b9", "89cae1b8", "queries[0].Output"},
		{`"OnList": true`, `"OnList": false`, "queries[1].OnList"},
	} {
		got, err := matching.CheckVectors(bytes.Replace(text, []byte(wrong.was), []byte(wrong.is), 1))
		if err != nil || len(got.Differs) != 1 || !strings.HasPrefix(got.Differs[0], wrong.differs+" ") {
			t.Errorf("with %s for %s: %v, %q; want one difference, of %s", wrong.is, wrong.was, err, got.Differs, wrong.differs)
		}
	}
	for _, wrong := range []string{"", "{}", `{"list_tags":{"a":"00"},"queries":[{"Blind":"00"}],"seed":"00"}`, `{"list_tags":{"a":"zz"}}`} {
		if _, err := matching.CheckVectors([]byte(wrong)); err == nil {
			t.Errorf("%q is taken for vectors", wrong)
		}
	}
}

func person(surname, given, born string, documents ...names.Document) names.Person {
	p := names.Person{Names: []names.Name{{Surname: surname, Given: given}}, Documents: documents}
	if born != "" {
		p.Births = []string{born}
	}
	return p
}

// The keys of profile kp1, as both sides must make them.
func TestAskedKeys(t *testing.T) {
	t.Parallel()
	p := person("AL-SAMPLE", "YUSUF", "1984-07-12", names.Document{Type: "P", Number: "t 0099881", Country: "JO"})
	want := []matching.Key{
		"kp1|d|JOR|T0099881",
		"kp1|n|ALSAMPLE|YUSUF|1984-07-12",
		"kp1|s|a132fa8f4d3e8069|1984-07-12", "kp1|s|a132fa8f4d3e8069|1984",
		"kp1|a|SMBL|YSF|1984-07-12", "kp1|a|SMBL|YSF|1984",
		"kp1|p|SMBL|Y|1984-07-12", "kp1|p|YSF|S|1984-07-12",
	}
	if diff := cmp.Diff(want, matching.Asked(&p, matching.Scope{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	want = append(want, "kp1|y|SMBL|YSF|1984")
	if diff := cmp.Diff(want, matching.Asked(&p, matching.Scope{Years: true})); diff != "" {
		t.Errorf("for terrorism (-want +got):\n%s", diff)
	}
	for _, nothing := range []names.Person{{}, person("EXAMPLE", "SAMI", ""), person("", "", "1984-07-12"), person("FNU", "LNU", "1984-07-12"),
		person("EXAMPLE", "SAMI", "1984/1986"), {Documents: []names.Document{{Number: "T0099881"}}}, {Documents: []names.Document{{Number: "12", Country: "JOR"}}}} {
		if got := matching.Asked(&nothing, matching.Scope{Years: true}); len(got) != 0 {
			t.Errorf("%+v: keys %q of what says too little", nothing, got)
		}
	}
}

// Which passengers meet which entries, and in which families.
func TestFamilies(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name          string
		asked, listed names.Person
		want          string
	}{
		{"as written", person("EXAMPLE", "SAMI", "1979-11-30"), person("Example", "Sami", "1979-11-30"), "n p s y a"},
		{"another spelling", person("ALGHAMDI", "ABDERRAHMANE", "1980-04-03"), person("El Gamdi", "Abd al-Rahman", "1980-04-03"), "p y a"},
		{"Arabic script", person("ALGHAMDI", "ABDULRAHMAN", "1980-04-03"), names.Person{Names: []names.Name{{Full: "عبد الرحمن بن صالح الغامدي"}}, Births: []string{"1980-04-03"}}, "p y a"},
		{"fields exchanged", person("SAMI", "EXAMPLE", "1979-11-30"), person("EXAMPLE", "SAMI", "1979-11-30"), "p s y a"},
		{"day and month exchanged", person("EXAMPLE", "SAMI", "1979-04-03"), person("EXAMPLE", "SAMI", "1979-03-04"), "s y a"},
		{"a typing error in the family name", person("EXAMTLE", "SAMI", "1979-11-30"), person("EXAMPLE", "SAMI", "1979-11-30"), "p"},
		{"the list knows the year", person("EXAMPLE", "SAMI", "1979-11-30"), person("EXAMPLE", "SAMI", "1979"), "s y a"},
		{"the passport knows the year", person("EXAMPLE", "SAMI", "1979-01-01"), person("EXAMPLE", "SAMI", "1979-11-30"), "s y a"},
		{"about then", person("EXAMPLE", "SAMI", "1979-11-30"), person("EXAMPLE", "SAMI", "~1980"), "s y a"},
		{"only the year in common", person("EXAMPLE", "SAMI", "1979-11-30"), person("EXAMPLE", "SAMI", "1979-05-17"), "y"},
		{"the document", person("EXAMPLE", "SAMI", "1979-11-30", names.Document{Number: "T0099881", Country: "JO"}), person("OTHER", "NAME", "1950-05-17", names.Document{Number: "T-0099881", Country: "JOR"}), "d"},
		{"a document of another issuer", person("EXAMPLE", "SAMI", "", names.Document{Number: "T0099881", Country: "JO"}), person("OTHER", "NAME", "", names.Document{Number: "T0099881", Country: "BHR"}), ""},
		{"a nickname", person("LION", "ABU", "1979-11-30"), names.Person{Names: []names.Name{{Full: "Sami Lion", Weak: true}}, Births: []string{"1979-11-30"}}, ""},
		{"another year", person("EXAMPLE", "SAMI", "1979-11-30"), person("EXAMPLE", "SAMI", "1984-11-30"), ""},
		{"nothing alike", person("TESTER", "MARIA", "1966-02-28"), person("EXAMPLE", "SAMI", "1979-11-30"), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := strings.Join(met(&c.asked, &c.listed), " "); got != c.want {
				t.Errorf("they meet in %q, not %q", got, c.want)
			}
		})
	}
}

// met are the families two people meet in, by keys in the clear.
func met(asked, listed *names.Person) (out []string) {
	of := matching.Listed(listed, matching.Scope{Years: true})
	for _, f := range matching.Families {
		if slices.ContainsFunc(matching.Asked(asked, matching.Scope{Years: true}), func(k matching.Key) bool { return k.Family() == f && slices.Contains(of, k) }) {
			out = append(out, string(f))
		}
	}
	return out
}

var syllables = []string{"SA", "MI", "KHA", "GHA", "AL", "JA", "الغا"}

// someone is a random person of a world so small that many meet.
func someone(r *rand.Rand) names.Person {
	word := func() string {
		return syllables[r.IntN(len(syllables))] + syllables[r.IntN(2)]
	}
	p := person(word(), word()+" "+word(), fmt.Sprintf("%d-%02d-%02d", 1980+r.IntN(2), 1+r.IntN(2), 1+r.IntN(2)))
	if r.IntN(4) == 0 {
		p.Births[0] = p.Births[0][:4]
	}
	if r.IntN(3) == 0 {
		p.Documents = []names.Document{{Number: fmt.Sprintf("T%05d", r.IntN(30)), Country: "JOR"}}
	}
	return p
}

// What is found privately is what the keys have in common, no more and no less, also when the question was put away
// between its batch and the answer.
func TestHitsAreTheIntersection(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(seed, 6))
			scope := matching.Scope{Years: seed%2 == 0}
			listed := make(map[matching.Key]bool)
			var keys []matching.Key
			for range 12 {
				p := someone(r)
				for _, k := range matching.Listed(&p, scope) {
					listed[k] = true
					keys = append(keys, k)
				}
			}
			var passengers []matching.Passenger
			want := []matching.Hit{}
			asked := make(map[matching.Key]bool)
			for i := range 24 {
				p := matching.Passenger{ID: fmt.Sprintf("p%02d", i), Person: someone(r)}
				passengers = append(passengers, p)
				h := matching.Hit{Passenger: p.ID}
				of := matching.Asked(&p.Person, scope)
				for _, f := range matching.Families {
					if slices.ContainsFunc(of, func(k matching.Key) bool { return k.Family() == f && listed[k] }) {
						h.Families = append(h.Families, f)
						h.Lead = h.Lead || f != matching.Year
					}
				}
				if len(h.Families) > 0 {
					want = append(want, h)
				}
				for _, k := range of {
					asked[k] = true
				}
			}
			epoch, tags := open(t, keys)
			q, err := matching.NewQuestion(epoch.Name(), epoch.PublicKey(), passengers, scope)
			if err != nil {
				t.Fatal(err)
			}
			if q.Asked != len(asked) || len(q.Blinded) != 256 {
				t.Errorf("%d keys asked in a batch of %d, not %d in 256", q.Asked, len(q.Blinded), len(asked))
			}
			answer, err := epoch.Evaluate(q.Blinded)
			if err != nil {
				t.Fatal(err)
			}
			put, err := json.Marshal(q)
			if err != nil {
				t.Fatal(err)
			}
			var again matching.Question
			if err := json.Unmarshal(put, &again); err != nil {
				t.Fatal(err)
			}
			got, err := again.Finish(answer, tags)
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
			if len(want) == 0 {
				t.Error("nobody met anybody: the world is too large")
			}
		})
	}
}

func open(t *testing.T, keys []matching.Key) (*matching.Epoch, matching.Tags) {
	t.Helper()
	epoch, err := matching.NewEpoch("2026-05-15 " + t.Name())
	if err != nil {
		t.Fatal(err)
	}
	tags, err := epoch.List(context.Background(), keys, 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := tags.Check(); err != nil {
		t.Fatal(err)
	}
	return epoch, tags
}

// Whatever is wrong with what the other side sends is refused, and said.
func TestRefusals(t *testing.T) {
	t.Parallel()
	epoch, tags := open(t, []matching.Key{"kp1|n|EXAMPLE|SAMI|1979-11-30"})
	other, _ := open(t, nil)
	passengers := []matching.Passenger{{ID: "p", Person: person("EXAMPLE", "SAMI", "1979-11-30")}}
	q, err := matching.NewQuestion(epoch.Name(), epoch.PublicKey(), passengers, matching.Scope{})
	if err != nil {
		t.Fatal(err)
	}
	answer, err := epoch.Evaluate(q.Blinded)
	if err != nil {
		t.Fatal(err)
	}
	if hits, err := q.Finish(answer, tags); err != nil || len(hits) != 1 {
		t.Fatalf("%v, %v", hits, err)
	}
	wrong, err := other.Evaluate(q.Blinded)
	if err != nil {
		t.Fatal(err)
	}
	identity := make([]byte, 32)
	noncanonical := bytes.Repeat([]byte{0xff}, 32)
	with := func(a matching.Answer, element []byte) matching.Answer {
		a.Elements = slices.Clone(a.Elements)
		a.Elements[7] = element
		return a
	}
	swapped := with(answer, answer.Elements[8])
	swapped.Elements[8] = answer.Elements[7]
	short := answer
	short.Elements = short.Elements[1:]
	noProof, badProof := answer, answer
	noProof.Proof = nil
	badProof.Proof = slices.Clone(answer.Proof)
	badProof.Proof[3] ^= 1
	for name, c := range map[string]struct {
		answer matching.Answer
		want   error
	}{
		"another epoch's key":  {wrong, matching.ErrProof},
		"an identity":          {with(answer, identity), matching.ErrElement},
		"no element":           {with(answer, noncanonical), matching.ErrElement},
		"too short an element": {with(answer, identity[1:]), matching.ErrElement},
		"two swapped":          {swapped, matching.ErrProof},
		"one missing":          {short, matching.ErrCount},
		"no proof":             {noProof, matching.ErrProof},
		"a changed proof":      {badProof, matching.ErrProof},
	} {
		if hits, err := q.Finish(c.answer, tags); !errors.Is(err, c.want) || hits != nil {
			t.Errorf("an answer with %s: %v, %v; want %v", name, hits, err, c.want)
		}
	}
	blinded := slices.Clone(q.Blinded)
	for name, c := range map[string]struct {
		batch [][]byte
		want  error
	}{
		"identity":     {append(slices.Clone(blinded[1:]), identity), matching.ErrElement},
		"no element":   {append(slices.Clone(blinded[1:]), noncanonical), matching.ErrElement},
		"unusual size": {blinded[1:], matching.ErrSize},
		"nothing":      {nil, matching.ErrSize},
	} {
		if a, err := epoch.Evaluate(c.batch); !errors.Is(err, c.want) || a.Elements != nil {
			t.Errorf("a batch with %s: %v; want %v", name, err, c.want)
		}
	}
	for _, pk := range [][]byte{nil, identity, noncanonical, epoch.PublicKey()[1:]} {
		if _, err := matching.NewQuestion("e", pk, passengers, matching.Scope{}); !errors.Is(err, matching.ErrKey) {
			t.Errorf("public key %x: %v", pk, err)
		}
	}
	unsorted := slices.Clone(tags)
	copy(unsorted, tags[16:])
	for _, list := range []matching.Tags{nil, tags[:len(tags)-16], tags[:len(tags)-1], unsorted} {
		if err := list.Check(); !errors.Is(err, matching.ErrTags) {
			t.Errorf("%d bytes of tags: %v", len(list), err)
		}
	}
}

// After an epoch has ended nothing is evaluated.
func TestDestroyed(t *testing.T) {
	t.Parallel()
	epoch, _ := open(t, nil)
	epoch.Destroy()
	if _, err := epoch.Evaluate(make([][]byte, 256)); !errors.Is(err, matching.ErrDestroyed) {
		t.Errorf("evaluating: %v", err)
	}
	if _, err := epoch.List(context.Background(), nil, 0); !errors.Is(err, matching.ErrDestroyed) {
		t.Errorf("listing: %v", err)
	}
}

// What is seen from outside depends on neither how many fly nor how many are listed, up to the next size; and the same
// question looks different each time.
func TestPaddingHidesCounts(t *testing.T) {
	t.Parallel()
	epoch, few := open(t, []matching.Key{"kp1|n|EXAMPLE|SAMI|1979-11-30"})
	_, none := open(t, nil)
	if few.Len() != 256 || none.Len() != 256 {
		t.Errorf("lists of one and no key have %d and %d tags", few.Len(), none.Len())
	}
	seen := make(map[string]bool)
	for _, n := range []int{0, 1, 25, 25} {
		var passengers []matching.Passenger
		for i := range n {
			passengers = append(passengers, matching.Passenger{ID: fmt.Sprint(i), Person: person("EXAMPLE", "SAMI", fmt.Sprintf("1979-11-%02d", i+1))})
		}
		q, err := matching.NewQuestion(epoch.Name(), epoch.PublicKey(), passengers, matching.Scope{})
		if err != nil {
			t.Fatal(err)
		}
		if len(q.Blinded) != 256 {
			t.Errorf("%d passengers make a batch of %d", n, len(q.Blinded))
		}
		for _, b := range q.Blinded {
			if seen[string(b)] {
				t.Fatal("an element was sent twice")
			}
			seen[string(b)] = true
		}
	}
}

// Keys meet in the middle: two passengers of one key are both told.
func TestSharedKey(t *testing.T) {
	t.Parallel()
	paper := names.Document{Number: "T0099881", Country: "JOR"}
	epoch, tags := open(t, []matching.Key{"kp1|d|JOR|T0099881"})
	q, err := matching.NewQuestion(epoch.Name(), epoch.PublicKey(), []matching.Passenger{
		{ID: "a", Person: person("EXAMPLE", "SAMI", "", paper)}, {ID: "b", Person: person("TESTER", "MARIA", "", paper)}, {ID: "c", Person: person("NOBODY", "ELSE", "1950-01-02")},
	}, matching.Scope{})
	if err != nil {
		t.Fatal(err)
	}
	answer, err := epoch.Evaluate(q.Blinded)
	if err != nil {
		t.Fatal(err)
	}
	got, err := q.Finish(answer, tags)
	want := []matching.Hit{{Passenger: "a", Families: []matching.Family{matching.Document}, Lead: true}, {Passenger: "b", Families: []matching.Family{matching.Document}, Lead: true}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

// A watcher can have any passenger opened, and nobody else.
func TestCommitment(t *testing.T) {
	t.Parallel()
	epoch, _ := open(t, nil)
	for n := range 9 {
		var passengers []matching.Passenger
		for i := range n {
			passengers = append(passengers, matching.Passenger{ID: fmt.Sprint(i), Person: person("EXAMPLE", "SAMI", fmt.Sprintf("1979-11-%02d", i+1))})
		}
		q, err := matching.NewQuestion(epoch.Name(), epoch.PublicKey(), passengers, matching.Scope{})
		if err != nil {
			t.Fatal(err)
		}
		root := q.Commitment.Root()
		for i := range passengers {
			o, ok := q.Commitment.Open(matching.Asked(&passengers[i].Person, matching.Scope{}))
			if !ok || !o.Holds(root) {
				t.Errorf("passenger %d of %d does not open", i, n)
			}
			o.Index = (o.Index + 1) % n
			if n > 1 && o.Holds(root) {
				t.Errorf("passenger %d of %d opens at another place", i, n)
			}
		}
		stranger := person("TESTER", "MARIA", "1966-02-28")
		o, ok := q.Commitment.Open(matching.Asked(&stranger, matching.Scope{}))
		if ok || o.Holds(root) {
			t.Errorf("of %d somebody opens who was not asked about", n)
		}
	}
}

// The rules by which keys are made are part of the profile: whoever changes them changes this, and partners notice.
func TestDigest(t *testing.T) {
	t.Parallel()
	if got, want := matching.Digest(), "kp1:"; !strings.HasPrefix(got, want) || len(got) != len(want)+32 {
		t.Errorf("the digest is %q", got)
	}
}

// Nothing a person may be called breaks the making of keys; what a passenger asks, the same person listed answers.
func FuzzKeys(f *testing.F) {
	f.Add("AL-SAMPLE", "YUSUF", "", "1984-07-12", "T0099881", "JO")
	f.Add("", "", "عبد الرحمن بن صالح الغامدي", "~1980", "", "")
	f.Add("ÖZTÜRK", "Þór", "", "1971/1973", "--", "D")
	f.Add("\xff|", "|", "||", "0000-00-00", "|||||", "|")
	f.Fuzz(func(t *testing.T, surname, given, full, born, number, issuer string) {
		p := names.Person{Names: []names.Name{{Surname: surname, Given: given, Full: full}}, Births: []string{born}, Documents: []names.Document{{Number: number, Country: issuer}}}
		asked, listed := matching.Asked(&p, matching.Scope{Years: true}), matching.Listed(&p, matching.Scope{Years: true})
		if len(asked) > 16 {
			t.Errorf("%d keys are asked", len(asked))
		}
		for _, k := range asked {
			if !slices.Contains(matching.Families, k.Family()) {
				t.Errorf("%q is of no family", k)
			}
			if !slices.ContainsFunc(asked, func(a matching.Key) bool { return a.Family() == k.Family() && slices.Contains(listed, a) }) {
				t.Errorf("%q is asked, and nothing of its family is among what is listed, %q", k, listed)
			}
		}
	})
}

func BenchmarkQuestion(b *testing.B) {
	epoch, err := matching.NewEpoch("bench")
	if err != nil {
		b.Fatal(err)
	}
	tags, err := epoch.List(context.Background(), nil, 1)
	if err != nil {
		b.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	var passengers []matching.Passenger
	for i := range 300 {
		passengers = append(passengers, matching.Passenger{ID: fmt.Sprint(i), Person: someone(r)})
	}
	for b.Loop() {
		q, err := matching.NewQuestion(epoch.Name(), epoch.PublicKey(), passengers, matching.Scope{Years: true})
		if err != nil {
			b.Fatal(err)
		}
		answer, err := epoch.Evaluate(q.Blinded)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := q.Finish(answer, tags); err != nil {
			b.Fatal(err)
		}
	}
}
