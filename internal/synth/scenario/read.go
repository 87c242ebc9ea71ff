package scenario

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/rihla/rihla/formats/airport"
	"github.com/rihla/rihla/formats/country"
	"github.com/rihla/rihla/formats/fault"
)

// What a scenario may be at most.
const (
	longestFile   = 1 << 20 // bytes
	longestPlay   = 7 * 24 * time.Hour
	mostStrangers = 20_000
)

// World is what a scenario is checked against: which roles there are, which outcomes a case can end in, and whether
// somebody is listed in truth, for whom no scenario may be written.
type World struct {
	Roles    []string
	Outcomes []string
	Listed   func(Person) (list string, is bool) // nil: no real list is loaded
}

// Read takes a scenario. It answers everything that is wrong with it, in the order of the file, each fault with line and
// column; where there is any, there is no scenario.
func Read(text []byte, w World) (*Scenario, []fault.Fault) {
	if len(text) > longestFile {
		return nil, []fault.Fault{{Line: 1, Column: 1, Rule: "scenario_long", Message: fmt.Sprintf("the file is longer than %d KiB", longestFile>>10), Mend: "shorten it"}}
	}
	file, err := parse(text)
	if err != nil {
		return nil, []fault.Fault{unreadable(err)}
	}
	s := &Scenario{}
	if err := decode(text, s); err != nil {
		return nil, []fault.Fault{unreadable(err)}
	}
	c := &check{Scenario: s, world: w, file: file}
	c.whole()
	if len(c.faults) > 0 {
		slices.SortStableFunc(c.faults, func(a, b fault.Fault) int { return cmp.Or(a.Line-b.Line, a.Column-b.Column) })
		return nil, c.faults
	}
	return s, nil
}

// parse and decode keep a parser's panic from going further: its input is anybody's.
func parse(text []byte) (f *ast.File, err error) {
	defer func() {
		if recover() != nil {
			f, err = nil, errors.New("it cannot be read")
		}
	}()
	return parser.ParseBytes(bytes.TrimPrefix(text, []byte("\ufeff")), 0)
}

func decode(text []byte, into *Scenario) (err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("it cannot be read")
		}
	}()
	return yaml.UnmarshalWithOptions(text, into, yaml.Strict())
}

func unreadable(err error) fault.Fault {
	f := fault.Fault{Line: 1, Column: 1, Rule: "scenario_form", Message: err.Error(), Mend: "write it as docs/training.md has it"}
	var y yaml.Error
	if errors.As(err, &y) {
		f.Message = y.GetMessage()
		if t := y.GetToken(); t != nil && t.Position != nil {
			f.Line, f.Column = t.Position.Line, t.Position.Column
		}
	}
	return f
}

// UnmarshalYAML reads an instant.
func (t *Instant) UnmarshalYAML(b []byte) (err error) {
	t.Time, err = time.Parse(time.RFC3339, bare(b))
	if err != nil {
		return fmt.Errorf("%s is no instant: write 2026-03-02T05:00:00Z", b)
	}
	return nil
}

// UnmarshalYAML reads a length of time.
func (s *Span) UnmarshalYAML(b []byte) (err error) {
	s.Duration, err = time.ParseDuration(bare(b))
	if err != nil || s.Duration < 0 {
		return fmt.Errorf("%s is no length of time: write 90m or 2h30m", b)
	}
	return nil
}

func bare(b []byte) string { return strings.Trim(strings.TrimSpace(string(b)), `"'`) }

// check holds a scenario against itself and the world.
type check struct {
	*Scenario
	world  World
	file   *ast.File
	faults []fault.Fault
}

// wrong notes a fault at a path of the file, or at the nearest that there is above it.
func (c *check) wrong(rule, message, mend, path string, args ...any) {
	path = fmt.Sprintf(path, args...)
	f := fault.Fault{Line: 1, Column: 1, Rule: rule, Message: message, Mend: mend}
	for at := path; at != ""; {
		if line, column, ok := c.place(at); ok {
			f.Line, f.Column = line, column
			break
		}
		cut := strings.LastIndexAny(at, ".[")
		at = at[:max(cut, 0)]
	}
	f.Path = path
	c.faults = append(c.faults, f)
}

func (c *check) place(path string) (line, column int, ok bool) {
	p, err := yaml.PathString("$." + path)
	if err != nil {
		return 0, 0, false
	}
	node, err := p.FilterFile(c.file)
	if err != nil || node == nil || node.GetToken() == nil {
		return 0, 0, false
	}
	at := node.GetToken().Position
	return at.Line, at.Column, true
}

var word = regexp.MustCompile(`^[a-z][a-z0-9-]{1,60}$`)

func (c *check) whole() {
	c.head()
	for _, id := range slices.Sorted(maps.Keys(c.Cast)) {
		c.person(id, c.Cast[id])
	}
	for _, id := range slices.Sorted(maps.Keys(c.Flights)) {
		c.flight(id, c.Flights[id])
	}
	for i := range c.Events {
		c.event(i, &c.Events[i])
	}
	seen := map[string]bool{}
	for i := range c.Steps {
		c.step(i, &c.Steps[i], seen)
		seen[c.Steps[i].ID] = true
	}
	if len(c.Steps) == 0 {
		c.wrong("scenario_steps", "there is nothing to find and nothing to decide", "write steps", "exercise")
	}
	if c.Lazy < 0 || c.Lazy >= 100 {
		c.wrong("scenario_lazy", fmt.Sprintf("whoever clears everything cannot score %d %%", c.Lazy), "write 0 to 99", "clears_everything")
	}
}

func (c *check) head() {
	if !word.MatchString(c.ID) {
		c.wrong("scenario_id", fmt.Sprintf("%q is no name of an exercise", c.ID), "write lower-case words with hyphens", "exercise")
	}
	c.words(c.Title, "title")
	c.words(c.About, "about")
	if c.Start.IsZero() {
		c.wrong("scenario_start", "it has no start", "write start: 2026-03-02T05:00:00Z", "start")
	}
	if c.Length.Duration <= 0 || c.Length.Duration > longestPlay {
		c.wrong("scenario_length", fmt.Sprintf("it cannot be %s long", c.Length), "write a length up to seven days", "length")
	}
	if len(c.Seats) == 0 {
		c.wrong("scenario_seats", "nobody plays", "write seats: [analyst]", "seats")
	}
	for i, role := range c.Seats {
		c.role(role, "seats[%d]", i)
	}
}

func (c *check) words(w Words, path string, args ...any) {
	if strings.TrimSpace(w.En) == "" || strings.TrimSpace(w.Ar) == "" {
		c.wrong("scenario_words", "it is not said in both languages", "write en and ar", path, args...)
	}
}

func (c *check) role(role, path string, args ...any) {
	if !slices.Contains(c.world.Roles, role) {
		c.wrong("scenario_role", fmt.Sprintf("nobody has the role %q", role), near(role, c.world.Roles), path, args...)
	}
}

func (c *check) someone(id, path string, args ...any) {
	if _, is := c.Cast[id]; !is {
		c.wrong("scenario_cast", fmt.Sprintf("%q is not in the cast", id), near(id, slices.Sorted(maps.Keys(c.Cast))), path, args...)
	}
}

func (c *check) boards(id, path string, args ...any) {
	if _, is := c.Flights[id]; !is {
		c.wrong("scenario_flight", fmt.Sprintf("there is no flight %q", id), near(id, slices.Sorted(maps.Keys(c.Flights))), path, args...)
	}
}

func near(word string, known []string) string {
	if best := fault.Nearest(strings.ToLower(word), known, 2); best != "" {
		return "did you mean " + best + "?"
	}
	return "one of: " + strings.Join(known, ", ")
}

func (c *check) person(id string, p Person) {
	if p.Surname == "" && p.Given == "" {
		c.wrong("scenario_name", "a person without a name", "write surname and given", "cast.%s", id)
	}
	if _, err := time.Parse(time.DateOnly, p.Born); err != nil {
		c.wrong("scenario_born", fmt.Sprintf("%q is no birth date", p.Born), "write YYYY-MM-DD", "cast.%s.born", id)
	}
	if country.ISO(p.Nationality) == "" {
		c.wrong("scenario_country", fmt.Sprintf("%q is no country", p.Nationality), "write its three letters: BHR", "cast.%s.nationality", id)
	}
	if !slices.Contains([]string{"M", "F", "X"}, p.Sex) {
		c.wrong("scenario_sex", fmt.Sprintf("%q is no sex as a list has it", p.Sex), "write M, F or X", "cast.%s.sex", id)
	}
	for i, d := range p.Documents {
		if d.Number == "" || d.Type == "" || country.ISO(d.Issuer) == "" {
			c.wrong("scenario_document", "a document needs type, number and the country that gave it", "write {type: P, number: P1234567, issuer: BHR, expires: 2031-01-01}", "cast.%s.documents[%d]", id, i)
		}
	}
	if c.world.Listed != nil {
		if list, is := c.world.Listed(p); is {
			c.wrong("scenario_real", fmt.Sprintf("somebody of this name and birth is on %s in truth", list), "invent another", "cast.%s", id)
		}
	}
}

// localTime is how flights' times are written.
const localTime = "2006-01-02T15:04"

func (c *check) flight(id string, f Flight) {
	if len(f.Carrier) != 2 || f.Number == "" {
		c.wrong("scenario_number", "a flight needs its carrier's two letters and its number", `write {carrier: ZZ, number: "431", …}`, "flights.%s", id)
	}
	for _, at := range []struct{ field, code string }{{"from", f.From}, {"to", f.To}} {
		if _, is := airport.ByIATA(at.code); !is {
			c.wrong("scenario_airport", fmt.Sprintf("%q is no airport", at.code), "write its three letters: BAH", "flights.%s.%s", id, at.field)
		}
	}
	leaves, lands := c.instant(id, "departs", f.Departs, f.From), c.instant(id, "arrives", f.Arrives, f.To)
	if !leaves.IsZero() && !lands.IsZero() && !lands.After(leaves) {
		c.wrong("scenario_time", "it lands before it leaves", "mind that both times are local", "flights.%s.arrives", id)
	}
}

func (c *check) instant(id, field, local, at string) time.Time {
	t, err := time.Parse(localTime, local)
	if err != nil {
		c.wrong("scenario_time", fmt.Sprintf("%q is no local time", local), "write 2026-03-02T22:10", "flights.%s.%s", id, field)
		return time.Time{}
	}
	a, is := airport.ByIATA(at)
	if !is {
		return time.Time{}
	}
	exact, _ := a.Instant(t)
	return exact
}

func (c *check) event(i int, e *Event) {
	parts := 0
	for _, is := range []bool{e.Passengers != nil, e.Booking != nil, e.Report != nil, e.List != nil, e.Note != nil} {
		if is {
			parts++
		}
	}
	if parts != 1 {
		c.wrong("scenario_event", "an event is one thing that happens", "write exactly one of passengers, booking, report, list, note", "events[%d]", i)
		return
	}
	if e.At.Duration > c.Length.Duration {
		c.wrong("scenario_time", fmt.Sprintf("it happens %s after the start, and the exercise is over after %s", e.At, c.Length), "let it happen sooner", "events[%d].at", i)
	}
	switch {
	case e.Passengers != nil:
		c.boards(e.Passengers.Flight, "events[%d].passengers.flight", i)
		for j, who := range e.Passengers.Who {
			c.someone(who, "events[%d].passengers.who[%d]", i, j)
		}
		if e.Passengers.Others < 0 || e.Passengers.Others > mostStrangers {
			c.wrong("scenario_others", fmt.Sprintf("%d strangers are too many", e.Passengers.Others), fmt.Sprintf("up to %d", mostStrangers), "events[%d].passengers.others", i)
		}
	case e.Booking != nil:
		c.boards(e.Booking.Flight, "events[%d].booking.flight", i)
		for j, who := range e.Booking.Who {
			c.someone(who, "events[%d].booking.who[%d]", i, j)
		}
	case e.Report != nil:
		if e.Report.Filer == "" || strings.TrimSpace(e.Report.Text) == "" {
			c.wrong("scenario_report", "a report needs a filer and a text", "write both", "events[%d].report", i)
		}
	case e.List != nil:
		c.list(i, e.List)
	case e.Note != nil:
		c.words(e.Note.Text, "events[%d].note.text", i)
	}
}

func (c *check) list(i int, l *List) {
	if !word.MatchString(l.Name) {
		c.wrong("scenario_list", fmt.Sprintf("%q is no name of a list", l.Name), "write lower-case words with hyphens", "events[%d].list.name", i)
	}
	for j, e := range l.Entries {
		c.someone(e.Of, "events[%d].list.entries[%d].of", i, j)
		if p, is := c.Cast[e.Of]; is && (e.Lost < 0 || e.Lost > len(p.Documents)) {
			c.wrong("scenario_document", fmt.Sprintf("%s has no document number %d", e.Of, e.Lost), "count their documents from one", "events[%d].list.entries[%d].lost", i, j)
		}
	}
}

func (c *check) step(i int, s *Step, seen map[string]bool) {
	if !word.MatchString(s.ID) || seen[s.ID] {
		c.wrong("scenario_step", fmt.Sprintf("%q names no step, or a second one", s.ID), "give each step a name of its own", "steps[%d].id", i)
	}
	c.role(s.Role, "steps[%d].role", i)
	if slices.Contains(c.world.Roles, s.Role) && !slices.Contains(c.Seats, s.Role) {
		c.wrong("scenario_seat", fmt.Sprintf("nobody sits in the seat of the %s", s.Role), "add it to seats", "steps[%d].role", i)
	}
	if s.Skill != "" && !slices.Contains(c.Skills, s.Skill) {
		c.wrong("scenario_skill", fmt.Sprintf("%q is none of the skills it trains", s.Skill), near(s.Skill, c.Skills), "steps[%d].skill", i)
	}
	if s.Second != "" {
		c.role(s.Second, "steps[%d].second", i)
	}
	if s.Of == "" {
		c.wrong("scenario_of", "it does not say of whom", "write of: and one of the cast, or the title of the case", "steps[%d]", i)
	}
	if s.Flight != "" {
		c.boards(s.Flight, "steps[%d].flight", i)
	}
	if !s.Quiet && len(s.Decide) == 0 {
		c.wrong("scenario_decide", "it does not say what is right", "write decide: and the outcomes that are", "steps[%d]", i)
	}
	for j, outcome := range s.Decide {
		c.outcome(outcome, "steps[%d].decide[%d]", i, j)
	}
	for _, outcome := range slices.Sorted(maps.Keys(s.Wrong)) {
		c.outcome(outcome, "steps[%d].wrong", i)
		if slices.Contains(s.Decide, outcome) {
			c.wrong("scenario_decide", fmt.Sprintf("%s is right and wrong at once", outcome), "take it out of one", "steps[%d].wrong", i)
		}
	}
	if s.By.Duration <= 0 || s.By.Duration > c.Length.Duration {
		c.wrong("scenario_time", "its time is not within the exercise", "write by: and a time after the start", "steps[%d].by", i)
	}
	if s.After != "" && !seen[s.After] {
		c.wrong("scenario_step", fmt.Sprintf("there is no step %q before it", s.After), "order the steps", "steps[%d].after", i)
	}
	if s.Points <= 0 {
		c.wrong("scenario_points", "it is worth nothing", "write points", "steps[%d].points", i)
	}
	c.words(s.Hint, "steps[%d].hint", i)
	if s.Law == "" {
		c.wrong("scenario_law", "it does not say by which law", "write law:", "steps[%d]", i)
	}
}

func (c *check) outcome(code, path string, args ...any) {
	if !slices.Contains(c.world.Outcomes, code) {
		c.wrong("scenario_outcome", fmt.Sprintf("no case ends in %q", code), near(code, c.world.Outcomes), path, args...)
	}
}
