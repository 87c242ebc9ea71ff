package names_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/rihla/rihla/internal/screening/names"
)

// Invented people, made of parts that are common in the world: what a border sees.
var (
	givens = [][]string{
		{"MOHAMMED", "AHMED", "ALI", "HASSAN", "HUSSEIN", "KHALID", "OMAR", "YOUSEF", "IBRAHIM", "SALEM", "FATIMA", "MARYAM", "AISHA", "NOORA", "ABDULLAH", "ABDULRAHMAN", "SAEED", "TARIQ", "WALID", "HAMAD"},
		{"JOHN", "JAMES", "MARY", "ANNA", "PETER", "PAUL", "THOMAS", "SUSAN", "CLAIRE", "HENRY", "OLIVER", "EMMA", "LUCY", "GEORGE", "SIMON", "RUTH", "NINA", "OTTO", "HANS", "PIERRE"},
		{"RAJESH", "SUNIL", "PRIYA", "ANITA", "VIJAY", "RAMESH", "DEEPAK", "LAKSHMI", "IMRAN", "SHAHID", "FARHAN", "SANJAY", "KIRAN", "MEENA", "ARJUN", "ROHIT", "NEHA", "POOJA", "AMIT", "RAVI"},
		{"WEI", "MIN", "JING", "HAO", "YAN", "LI", "XIN", "MEI", "JUN", "TAO", "SOOJIN", "MINHO", "HIROSHI", "YUKI", "KENJI", "AIKO", "LINH", "THANH", "DUC", "MAI"},
	}
	families = [][]string{
		{"AL GHAMDI", "AL QAHTANI", "AL OTAIBI", "AL HARBI", "ALSHAMMARI", "EL MASRI", "BEN ALI", "BENSALAH", "AL NAJJAR", "KHOURY", "HADDAD", "AL MALIKI", "AL ZAHRANI", "ALAWI", "AL SAYED", "CHERKAOUI"},
		{"SMITH", "JONES", "MUELLER", "DUBOIS", "ROSSI", "GARCIA", "BROWN", "TAYLOR", "WEBER", "SCHNEIDER", "LEFEBVRE", "MOREAU", "FERRARI", "ESPOSITO", "NOVAK", "JANSEN", "PETERSEN", "KOWALSKI", "LINDGREN", "OCONNOR"},
		{"SHARMA", "PATEL", "KHAN", "SINGH", "KUMAR", "GUPTA", "REDDY", "NAIR", "CHOWDHURY", "RAHMAN", "IQBAL", "MALIK", "BANERJEE", "MEHTA", "JOSHI", "VERMA", "PILLAI", "DESAI"},
		{"WANG", "ZHANG", "CHEN", "LIU", "YANG", "HUANG", "KIM", "PARK", "CHOI", "TANAKA", "SUZUKI", "SATO", "NGUYEN", "TRAN", "PHAM", "ZHAO"},
	}
	syllables = []string{"BA", "KO", "RI", "TEM", "SAN", "VEL", "DOR", "MI", "KAR", "ZU", "LEN", "FA", "GHA", "NOV", "PE", "TRU", "SHI", "WEN", "HAL", "OST"}
)

func invent(r *rand.Rand) names.Person {
	k := r.IntN(len(givens))
	p := names.Person{Sex: []string{"M", "F"}[r.IntN(2)], Births: []string{fmt.Sprintf("%d-%02d-%02d", 1945+r.IntN(60), 1+r.IntN(12), 1+r.IntN(28))},
		Countries: []string{[]string{"SAU", "GBR", "IND", "CHN"}[k]}}
	given := givens[k][r.IntN(len(givens[k]))]
	if r.IntN(2) == 0 {
		given += " " + givens[k][r.IntN(len(givens[k]))]
	}
	family := families[k][r.IntN(len(families[k]))]
	if r.IntN(3) > 0 { // most families are rare
		family = syllables[r.IntN(len(syllables))] + syllables[r.IntN(len(syllables))] + syllables[r.IntN(len(syllables))]
	}
	p.Names = []names.Name{{Surname: family, Given: given}}
	return p
}

func listed(n int) []names.Person {
	r := rand.New(rand.NewPCG(7, 7))
	people := make([]names.Person, n)
	for i := range people {
		people[i] = invent(r)
		switch r.IntN(10) {
		case 0:
			people[i].Births = nil
		case 1:
			people[i].Births[0] = people[i].Births[0][:4]
		}
	}
	return people
}

// A flight of ordinary people against a list of twenty thousand, made of the same names, disturbs next to nobody
// at the score from which a node shows them.
func TestOrdinaryPeopleAreLeftAlone(t *testing.T) {
	t.Parallel()
	x := names.Build(listed(20_000), names.AmongTravellers)
	r := rand.New(rand.NewPCG(1, 2))
	alarms := 0
	const flights = 20
	for range flights * 300 {
		p := invent(r)
		for _, h := range x.Match(nil, &p, 0.6, 10) {
			alarms++
			if alarms < 6 {
				t.Logf("%v %v: %.2f %+v %+v", p.Names[0], p.Births, h.Score, h.Words, h.Evidence)
			}
		}
	}
	t.Logf("%.2f alarms a flight of 300", float64(alarms)/flights)
	if alarms > 2*flights { // no list is so like its travellers
		t.Errorf("%d alarms on %d flights of 300", alarms, flights)
	}
}

func BenchmarkMatch(b *testing.B) {
	x := names.Build(listed(20_000))
	r := rand.New(rand.NewPCG(3, 4))
	people := make([]names.Person, 4096)
	for i := range people {
		people[i] = invent(r)
	}
	var hits []names.Hit
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		hits = x.Match(hits[:0], &people[i%len(people)], 0.6, 10)
		i++
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "people/s")
}

func BenchmarkBuild(b *testing.B) {
	people := listed(20_000)
	var before, after runtime.MemStats
	for b.Loop() {
		runtime.ReadMemStats(&before)
		x := names.Build(people)
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(x.Len()), "bytes/name")
	}
}
