package stix

import (
	"strconv"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/jsondoc"
	"github.com/rihla/rihla/formats/observable"
	"github.com/rihla/rihla/formats/stix/instant"
	"github.com/rihla/rihla/formats/stix/pattern"
)

// Absent is the confidence or count of an object that names none.
const Absent = -1

// IndicatorView is what an indicator says.
type IndicatorView struct {
	Name, Description     string
	Types, Labels         []string
	Pattern               string
	PatternType           string // stix, pcre, sigma, snort, suricata, yara …
	PatternVersion        string
	ValidFrom, ValidUntil time.Time // ValidUntil is zero where it is open
	Confidence            int       // 0–100 or Absent
	KillChain             []KillChainPhase
	References            []ExternalReference
}

// KillChainPhase is a phase of an attack.
type KillChainPhase struct{ Chain, Phase string }

// ExternalReference points out of STIX.
type ExternalReference struct{ Source, Description, URL, ID string }

// Indicator is the view of an indicator.
func (o *Object) Indicator() (IndicatorView, bool) {
	if o.Type != "indicator" {
		return IndicatorView{}, false
	}
	v := IndicatorView{
		Name: o.Text("name"), Description: o.Text("description"), Types: texts(o.Get("indicator_types")), Labels: texts(o.Get("labels")),
		Pattern: o.Text("pattern"), PatternType: o.Text("pattern_type"), PatternVersion: o.Text("pattern_version"),
		ValidFrom: o.Instant("valid_from"), ValidUntil: o.Instant("valid_until"), Confidence: o.number("confidence"), References: o.References(),
	}
	if v.PatternType == "" && o.SpecVersion == "2.0" {
		v.PatternType = "stix"
	}
	phases := o.Get("kill_chain_phases").Items()
	for i := range phases {
		p := &phases[i].Value
		v.KillChain = append(v.KillChain, KillChainPhase{p.Get("kill_chain_name").Text(), p.Get("phase_name").Text()})
	}
	return v, true
}

// Pattern is the parsed STIX pattern of an indicator that was accepted, or nil.
func (o *Object) Pattern() *pattern.Pattern { return o.pattern }

// SightingView is what a sighting says.
type SightingView struct {
	Of                  string // sighting_of_ref
	FirstSeen, LastSeen time.Time
	Count               int // Absent where it names none; 0 says it was looked for and not seen
	ObservedData, Where []string
	Summary             bool
	Description         string
	Confidence          int
}

// Sighting is the view of a sighting.
func (o *Object) Sighting() (SightingView, bool) {
	if o.Type != "sighting" {
		return SightingView{}, false
	}
	summary, _ := o.Get("summary").Bool()
	return SightingView{
		Of: o.Text("sighting_of_ref"), FirstSeen: o.Instant("first_seen"), LastSeen: o.Instant("last_seen"), Count: o.number("count"),
		ObservedData: texts(o.Get("observed_data_refs")), Where: texts(o.Get("where_sighted_refs")), Summary: summary,
		Description: o.Text("description"), Confidence: o.number("confidence"),
	}, true
}

// RelationshipView is what a relationship says.
type RelationshipView struct {
	Type, Source, Target string
	Description          string
	Start, Stop          time.Time
	Confidence           int
}

// Relationship is the view of a relationship.
func (o *Object) Relationship() (RelationshipView, bool) {
	if o.Type != "relationship" {
		return RelationshipView{}, false
	}
	return RelationshipView{
		Type: o.Text("relationship_type"), Source: o.Text("source_ref"), Target: o.Text("target_ref"), Description: o.Text("description"),
		Start: o.Instant("start_time"), Stop: o.Instant("stop_time"), Confidence: o.number("confidence"),
	}, true
}

// Observation is one atomic value and the path at which a pattern asks for it: ipv4-addr:value.
type Observation struct {
	Path  string
	Kind  observable.Kind // empty where the value is of no kind that is known
	Value string          // as written
	Key   string          // observable.Key of it: equal for equal things
}

// Observations are the atomic values of an observable.
func (o *Object) Observations() []Observation {
	if ClassOf(o.Type) != Observable {
		return nil
	}
	var out []Observation
	add := func(path, value string) {
		if value == "" {
			return
		}
		seen := Observation{Path: path, Value: value}
		if a, ok := pattern.AtomAt(path, value); ok {
			seen.Kind, seen.Key = a.Kind, a.Key
		}
		out = append(out, seen)
	}
	for _, name := range atomic[o.Type] {
		v := o.Get(name)
		if n, ok := v.Integer(); ok {
			add(o.Type+":"+name, strconv.FormatInt(n, 10))
		} else {
			add(o.Type+":"+name, v.Text())
		}
	}
	for _, m := range o.Get("hashes").Members() {
		name := m.Name
		if spelt := hashSpellings[strings.ToLower(name)]; spelt != "" {
			name = spelt
		}
		if strings.Contains(name, "-") {
			name = "'" + name + "'"
		}
		add(o.Type+":hashes."+name, m.Value.Text())
	}
	return out
}

// atomic are the properties of observables that are values by themselves.
var atomic = map[string][]string{
	"autonomous-system": {"number"}, "directory": {"path"}, "domain-name": {"value"}, "email-addr": {"value"}, "file": {"name"}, "ipv4-addr": {"value"},
	"ipv6-addr": {"value"}, "mac-addr": {"value"}, "mutex": {"name"}, "url": {"value"}, "user-account": {"account_login", "user_id"}, "windows-registry-key": {"key"},
}

// IncidentExtension is the core extension of an incident (OASIS common object repository, October 2023).
const IncidentExtension = "extension-definition--ef765651-680c-498d-9894-99799f2fa126"

// IncidentView is what an incident and its core extension say.
type IncidentView struct {
	Name, Description string
	Extended          bool   // it bears the core extension
	Determination     string // blocked, confirmed, failed-attempt, false-positive, suspected
	Status            string // investigation_status: new, open, closed
	Criticality       int    // 0–100 or Absent
	Types             []string
	DetectionMethods  []string
	Recoverability    string
	Events, Impacts   []string       // references
	Tasks             []string       // references
	Affected          map[string]int // impacted_entity_counts
	Scores            []Score
}

// Score is how grave somebody found an incident, by a scheme of that name.
type Score struct {
	Name        string
	Value       float64
	Description string
}

// Incident is the view of an incident.
func (o *Object) Incident() (IncidentView, bool) {
	if o.Type != "incident" {
		return IncidentView{}, false
	}
	v := IncidentView{Name: o.Text("name"), Description: o.Text("description"), Criticality: Absent}
	e := o.Get("extensions").Get(IncidentExtension)
	if e == nil {
		return v, true
	}
	v.Extended = true
	v.Determination, v.Status, v.Recoverability = e.Get("determination").Text(), e.Get("investigation_status").Text(), e.Get("recoverability").Text()
	v.Criticality = numberOf(e.Get("criticality"))
	v.Types, v.DetectionMethods, v.Impacts = texts(e.Get("incident_types")), texts(e.Get("detection_methods")), texts(e.Get("impact_refs"))
	v.Events, v.Tasks = refsWithin(e.Get("events"), "event_ref"), refsWithin(e.Get("tasks"), "task_ref")
	for i, counts := 0, e.Get("impacted_entity_counts").Members(); i < len(counts); i++ {
		if n, ok := counts[i].Value.Integer(); ok {
			if v.Affected == nil {
				v.Affected = map[string]int{}
			}
			v.Affected[counts[i].Name] = int(n)
		}
	}
	for i, scores := 0, e.Get("scores").Items(); i < len(scores); i++ {
		s := &scores[i].Value
		if inner := s.Get("incident-score"); inner != nil { // an example of the suite wraps it so
			s = inner
		}
		value, _ := s.Get("value").Float()
		v.Scores = append(v.Scores, Score{s.Get("name").Text(), value, s.Get("description").Text()})
	}
	return v, true
}

// Instant is a property that is a timestamp, or the zero time.
func (o *Object) Instant(name string) time.Time {
	t, _ := instant.Parse(o.Text(name))
	return t
}

// References are the external references.
func (o *Object) References() []ExternalReference {
	var out []ExternalReference
	for i, items := 0, o.Get("external_references").Items(); i < len(items); i++ {
		r := &items[i].Value
		out = append(out, ExternalReference{r.Get("source_name").Text(), r.Get("description").Text(), r.Get("url").Text(), r.Get("external_id").Text()})
	}
	return out
}

// Refs are the identifiers of all objects that the object points to, at any depth, each once, in their order.
func (o *Object) Refs() []string {
	var out []string
	seen := map[string]bool{}
	eachRef(&o.Value, func(_ *refs, ref *jsondoc.Value) {
		if id := ref.Text(); !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	})
	return out
}

func (o *Object) number(name string) int { return numberOf(o.Get(name)) }

func numberOf(v *jsondoc.Value) int {
	if n, ok := v.Integer(); ok {
		return int(n)
	}
	return Absent
}

func refsWithin(list *jsondoc.Value, name string) []string {
	var out []string
	for i, items := 0, list.Items(); i < len(items); i++ {
		if ref := items[i].Value.Get(name).Text(); ref != "" {
			out = append(out, ref)
		}
	}
	return out
}
