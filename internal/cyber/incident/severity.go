package incident

import (
	"math"
	"time"
)

// Severity is how grave an incident is, from 0 to 100, with what made it so.
type Severity struct {
	Score    int       `json:"score"`
	Level    int       `json:"level"` // 0 to 5
	Word     string    `json:"word"`
	Scheme   string    `json:"scheme"`
	Table    string    `json:"table"` // version of the points and weights
	Because  []Because `json:"because"`
	Override *Override `json:"override,omitempty"`
}

// Because is one category's part in the score.
type Because struct {
	Input  string `json:"input"`
	Value  string `json:"value"`
	Points int    `json:"points"` // of a hundred
	Weight int    `json:"weight"`
}

// Override is a responder's own judgement. The computed score stays beside it.
type Override struct {
	Score  int       `json:"score"`
	Reason string    `json:"reason"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
}

// The scheme is CISA's NCISS: eight categories and their weighted mean. Points and weights are this node's table.
const (
	scheme       = "nciss"
	tableVersion = "1"
)

// levels are the bands of NCISS, with the words of the severity schema.
var levels = []struct {
	most int
	word string
}{{35, "baseline"}, {50, "low"}, {65, "medium"}, {80, "high"}, {99, "severe"}, {100, "emergency"}}

// Level is the band of a score.
func Level(score int) (int, string) {
	for level, l := range levels {
		if score <= l.most {
			return level, l.word
		}
	}
	return len(levels) - 1, levels[len(levels)-1].word
}

const (
	unknown = "unknown"
	yes     = "yes"
	high    = "high"
)

// points of a word; whatever is not known counts as unknown.
func points(of map[string]int, word string) (string, int) {
	if p, ok := of[word]; ok {
		return word, p
	}
	return unknown, of[unknown]
}

var (
	functional  = map[string]int{"none": 0, "low": 25, unknown: 40, "medium": 60, high: 100}
	observed    = map[string]int{"no": 10, unknown: 35, "presence": 60, "effect": 90}
	located     = map[string]int{"business": 40, "critical": 80}
	actor       = map[string]int{unknown: 40, "suspected": 60}
	information = map[string]int{"none": 0, "low": 25, unknown: 40, "medium": 60, high: 100}
	recovery    = map[string]int{"measures-taken": 25, unknown: 50}
	dependency  = map[string]int{"none": 25, "essential": 80}
	potential   = map[string]int{"few": 15, unknown: 40, "hundreds": 50, "thousands": 75, "cross-border": 80, "population": 100}
)

// weigh finds the severity of what was reported.
func weigh(r *Report) Severity {
	s := Severity{Scheme: scheme, Table: tableVersion}
	sum, weights := 0, 0
	add := func(input string, of map[string]int, word string, weight int) {
		value, p := points(of, word)
		s.Because = append(s.Because, Because{input, value, p, weight})
		sum, weights = sum+p*weight, weights+weight
	}
	essential := Essential(r.Affected.Sector)
	choose := func(is bool, then, otherwise string) string {
		if is {
			return then
		}
		return otherwise
	}
	activity := r.Malicious
	if activity == yes {
		activity = choose(r.Impact.Availability == high || r.Impact.Integrity == high || r.Impact.Confidentiality == high, "effect", "presence")
	}
	add("functional-impact", functional, r.Impact.Availability, 6)
	add("observed-activity", observed, activity, 5)
	add("location", located, choose(essential, "critical", "business"), 4)
	add("actor", actor, choose(r.Malicious == yes && len(r.Indicators) > 0, "suspected", unknown), 4)
	add("information-impact", information, worse(r.Impact.Confidentiality, r.Impact.Integrity), 5)
	add("recoverability", recovery, choose(len(r.Measures) > 0, "measures-taken", unknown), 4)
	add("cross-sector-dependency", dependency, choose(essential, "essential", "none"), 3)
	add("potential-impact", potential, reach(r), 6)
	s.Score = int(math.Round(float64(sum) / float64(weights)))
	s.Level, s.Word = Level(s.Score)
	return s
}

// worse is the graver of two words; a word that is known outweighs unknown.
func worse(a, b string) string {
	order := map[string]int{"": 0, unknown: 1, "none": 2, "low": 3, "medium": 4, high: 5}
	if order[b] > order[a] {
		return b
	}
	return a
}

func reach(r *Report) string {
	switch n := r.Affected.Users; {
	case n >= 100_000:
		return "population"
	case r.CrossBorder == yes:
		return "cross-border"
	case n >= 1000:
		return "thousands"
	case n >= 100:
		return "hundreds"
	case n > 0:
		return "few"
	}
	return unknown
}

// essential are the sectors of high criticality (Directive (EU) 2022/2555, annex I), by the names that filers use.
var essential = map[string]bool{
	"energy": true, "transport": true, "transportation": true, "banking": true, "financial-market": true, "financial": true, "financial-services": true,
	"health": true, "healthcare": true, "drinking-water": true, "water": true, "waste-water": true, "digital-infrastructure": true, "ict-service-management": true,
	"telecommunications": true, "trust-services": true, "public-administration": true, "government": true, "space": true,
}

// Essential tells a sector that others depend on.
func Essential(sector string) bool { return essential[sector] }
