package ledger

import (
	"cmp"
	"slices"
	"time"
)

// Terms are what figures must know of an agreement besides the log.
type Terms struct {
	Agreement    string
	Version      int           // in force when the period ended
	Own, Partner string        // parties
	Acknowledge  time.Duration // within which a message is acknowledged; 0 judges none late
	Correct      time.Duration // within which a correction takes effect, where the log names no day
	Erase        time.Duration // and an erasure
}

// Concerns says whether an entry is about the agreement, or about the partner as such: its keys, its log, a message that
// could not be read.
func (t *Terms) Concerns(e *Entry) bool {
	return e.Agreement == t.Agreement || e.Agreement == "" && e.Partner == t.Partner
}

// Lookback is how long before a period entries may lie that explain what ended in it.
const Lookback = 400 * 24 * time.Hour

// Figures makes the report of a period from the log's entries of one agreement, the period's and those of the time
// before it (see [Lookback]); the order they are given in does not matter, later ones are not looked at, and the same
// entries always give the same bytes. Only this side's figures are in it; see [Reconcile].
//
// A thing is counted in the period in which it happened: a request when it was asked, its result when that was told. So
// the figures of periods that follow one another add up.
func Figures(t Terms, days Days, entries []Entry) (Review, error) {
	span, err := days.Span()
	if err != nil {
		return Review{}, err
	}
	b := book{terms: t, span: span, threads: map[string]*thread{}, duties: map[string]*owing{}, messages: map[string]*envoy{}, days: map[string]Counts{}}
	b.side = &Side{
		Requests: Counts{}, Hits: Counts{}, NoHits: Counts{}, Refusals: Counts{}, ReplyTime: map[string]Percentiles{},
		PrivateMatch: &PrivateMatch{}, Quality: &Quality{}, Redress: &RedressSums{},
	}
	entries = slices.Clone(entries)
	slices.SortFunc(entries, func(a, b Entry) int { return cmp.Compare(a.Number, b.Number) })
	source := Source{}
	for i := range entries {
		e := &entries[i]
		if !t.Concerns(e) || !e.At.Before(span.Until) || i > 0 && e.Number == entries[i-1].Number {
			continue
		}
		if span.holds(e.At) {
			if source.From == 0 {
				source.From = e.Number
			}
			source.To = e.Number
		}
		b.add(e)
	}
	b.close()
	return Review{
		Schema: Schema, Agreement: AgreementRef{t.Agreement, t.Version}, Period: days, MadeFrom: source,
		Sides: map[string]*Side{t.Own: b.side}, Differences: []Difference{}, Actions: []ReviewAction{}, Decisions: []ReviewDecision{},
		Checks: b.checks(),
	}, nil
}

// book is the account while entries come in.
type book struct {
	terms    Terms
	span     Span
	side     *Side
	threads  map[string]*thread
	duties   map[string]*owing
	messages map[string]*envoy // ours on their way
	days     map[string]Counts // requests by share and day
	redress  map[string]time.Time
	answers  []time.Duration // to people
	sums     map[string]*sum
}

func (b *book) in(t time.Time) bool { return b.span.holds(t) }

func count(m *Counts, key string) {
	if *m == nil {
		*m = Counts{}
	}
	c := (*m)[key]
	c.N++
	(*m)[key] = c
}

func tally(m *map[string]int, key string) {
	if *m == nil {
		*m = map[string]int{}
	}
	(*m)[key]++
}

func (b *book) add(e *Entry) {
	b.thread(e)
	b.owe(e)
	switch e.Kind {
	case Sent:
		b.messages[e.Message] = &envoy{left: e.At}
	case Delivered, Undelivered:
		if m := b.messages[e.Message]; m != nil && m.arrived.IsZero() {
			m.arrived = e.At
		}
	}
	if !b.in(e.At) {
		if e.Kind == Redress {
			b.person(e)
		}
		return
	}
	s := b.side
	switch e.Kind {
	case Sent:
		switch e.Type {
		case unasked:
			count(&s.Spontaneous, e.Share)
		case breach:
			s.Breaches++
		}
	case Approved:
		if e.Type == pending {
			tally(&s.Pending, cmp.Or(e.Code, "UNSAID"))
		}
	case Undelivered:
		s.Undelivered++
	case Stopped:
		count(&s.Stopped, e.Code)
	case Rejected:
		tally(&s.Rejected, e.Code)
		if e.Code == "CONFLICT" {
			s.Conflicts++
		}
	case Matched:
		if e.Direction != In {
			m := s.PrivateMatch
			m.Batches++
			m.KeysAsked += e.Keys
			m.KeysPadded += e.Padded
			m.Hits.N += e.Hits
		}
	case Unmasked:
		s.Unmaskings.N++
	case Overdue:
		if e.Code == YearlyReview {
			s.ReviewsDue++
		}
	case Witnessed:
		if e.Code == "disagreement" {
			s.WitnessDisagreements++
		}
	case Marked:
		switch e.Code {
		case "doubt":
			s.Quality.Doubts.N++
		case "doubt_upheld":
			s.Quality.DoubtsUpheld.N++
		case "contested":
			s.Contested.N++
		}
	case Redress:
		b.person(e)
	}
}

// thread puts a step to its request.
func (b *book) thread(e *Entry) {
	id := cmp.Or(e.Thread, e.Message)
	if id == "" {
		return
	}
	switch e.Type {
	case request, reply, refusal, outcome, unasked, "":
	default:
		return
	}
	t := b.threads[id]
	if t == nil {
		t = &thread{}
		b.threads[id] = t
	}
	t.add(e)
}

// close turns what was gathered into figures.
func (b *book) close() {
	s := b.side
	b.sums = map[string]*sum{}
	var records int
	flaws := map[string]int{}
	replies, givenTimes := map[string]*times{}, map[string]*times{}
	officers := map[string]map[string]int{}
	given := &Given{}
	for _, t := range b.threads {
		switch t.direction {
		case Out:
			b.asked(t, replies, officers)
		case In:
			b.answered(t, given, givenTimes)
		}
		if b.in(t.given) && t.gave() {
			records++
			for flaw := range t.flaws {
				flaws[flaw]++
			}
		}
		if b.in(t.given) && len(t.released) > 1 {
			s.SecondApprovals.N++
		}
		if b.in(t.child) {
			s.Children.N++
		}
		b.never(t)
	}
	for share, t := range replies {
		s.ReplyTime[share] = t.percentiles()
	}
	for share, t := range givenTimes {
		if given.Time == nil {
			given.Time = map[string]Percentiles{}
		}
		given.Time[share] = t.percentiles()
	}
	if !given.empty() {
		s.Given = given
	}
	s.Precision = wilson(s.ConfirmedSame.N, s.ConfirmedSame.N+s.NotSame.N)
	b.quality(records, flaws)
	b.people()
	b.use(officers)
	b.delivery()
	b.duty()
}
