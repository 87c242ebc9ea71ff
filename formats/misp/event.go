package misp

import (
	"strings"
	"time"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/jsondoc"
	"github.com/rihla/rihla/formats/stix"
)

// Event is what one organisation says of one thing that happened.
type Event struct {
	UUID, Info   string
	Date         time.Time // a day
	Published    bool
	Timestamp    time.Time
	PublishedAt  time.Time
	ThreatLevel  int // 1 high, 2 medium, 3 low, 4 undefined; 0 where it says nothing
	Analysis     int // 0 initial, 1 ongoing, 2 complete
	Distribution Distribution
	SharingGroup *SharingGroup
	Org, Orgc    Organisation // who holds it, who made it
	Extends      string
	Tags         []Tag
	Attributes   []Attribute
	Objects      []Object
	Reports      []Report
	Galaxies     []Galaxy

	Warnings []fault.Fault
	Lost     []fault.Fault
	Value    jsondoc.Value // all of it, as it came
	pointer  string
}

// Distribution says how far something may go.
type Distribution int

// The distributions.
const (
	OwnOrganisation Distribution = iota
	ThisCommunity
	ConnectedCommunities
	AllCommunities
	SharingGroupOnly
	Inherit
)

// Organisation is one that holds or makes events.
type Organisation struct{ ID, UUID, Name string }

// SharingGroup is a list of organisations that may see something.
type SharingGroup struct {
	UUID, Name, Releasability string
	Organisations             []Organisation
}

// Tag is a label, often of a taxonomy: tlp:amber.
type Tag struct{ Name string }

// Attribute is one value.
type Attribute struct {
	UUID, Type, Category string
	Value                string
	Comment              string
	Relation             string // in an object: what it is of it
	ToIDS, Deleted       bool
	Distribution         Distribution
	Timestamp            time.Time
	FirstSeen, LastSeen  time.Time
	Tags                 []Tag
	Sightings            []Sighting
	Galaxies             []Galaxy
	Pointer              string // in the document
}

// Object is a group of attributes that belong to one thing.
type Object struct {
	UUID, Name, Category, Description string
	Deleted                           bool
	Distribution                      Distribution
	Timestamp                         time.Time
	Attributes                        []Attribute
	References                        []Reference
	Pointer                           string
}

// Reference is a relationship from an object to another, or to an attribute.
type Reference struct{ UUID, To, Relationship, Comment string }

// Report is a text about the event, in Markdown.
type Report struct {
	UUID, Name, Content string
	Deleted             bool
}

// Sighting is somebody's having seen a value.
type Sighting struct {
	UUID, Source string
	Kind         SightingKind
	At           time.Time
}

// SightingKind is what a sighting says.
type SightingKind int

// The kinds of sightings.
const (
	Seen SightingKind = iota
	FalsePositive
	Expired
	Confirmed
)

// Galaxy is a kind of knowledge, with what of it the event speaks of.
type Galaxy struct {
	Type     string // threat-actor, mitre-attack-pattern …
	Clusters []Cluster
}

// Cluster is one entry of a galaxy.
type Cluster struct {
	UUID, Value, Description, Tag string
	IDs                           []string // external_id
}

// TLP is the strictest level of the event's tags.
func (e *Event) TLP() stix.TLP { return tlp(e.Tags) }

// TLPOf is the level of an attribute: its own tags' where it has such, else the event's.
func (e *Event) TLPOf(a *Attribute) stix.TLP {
	if own := tlp(a.Tags); own != stix.Unmarked {
		return own
	}
	return e.TLP()
}

func tlp(tags []Tag) stix.TLP {
	out := stix.Unmarked
	for _, t := range tags {
		if level, ok := levelOf(t.Name); ok {
			out = max(out, level)
		}
	}
	return out
}

func levelOf(tag string) (stix.TLP, bool) {
	word, ok := cutFold(tag, "tlp:")
	if !ok {
		return stix.Unmarked, false
	}
	return stix.ParseTLP(word)
}

func cutFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

// All are the event's attributes, those of its objects included, in the order of the document.
func (e *Event) All() []*Attribute {
	var out []*Attribute
	for i := range e.Attributes {
		out = append(out, &e.Attributes[i])
	}
	for i := range e.Objects {
		for j := range e.Objects[i].Attributes {
			out = append(out, &e.Objects[i].Attributes[j])
		}
	}
	return out
}
