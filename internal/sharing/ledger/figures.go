package ledger

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Terms are what figures must know of an agreement besides the log.
type Terms struct {
	Agreement    string
	Version      int           // where the log does not say
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

// offlineAfter is how long a message waits before the partner counts as offline.
const offlineAfter = 30 * time.Minute

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
	version := t.Version
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
		if e.Kind == InForce && e.Version > 0 {
			version = e.Version
		}
		b.add(e)
	}
	b.close()
	return Review{
		Schema: Schema, Agreement: AgreementRef{t.Agreement, version}, Period: days, MadeFrom: source,
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

// envoy is a message of ours until the partner has it.
type envoy struct{ left, arrived time.Time }

// sum is what must add up for a share: carried over and asked are what ended and what is open.
type sum struct{ carried, asked, hits, noHits, data, refused, lost, open int }

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

// person follows somebody who asked what is held.
func (b *book) person(e *Entry) {
	switch e.Code {
	case "asked":
		if b.redress == nil {
			b.redress = map[string]time.Time{}
		}
		b.redress[e.Thread] = e.At
		if b.in(e.At) {
			b.side.Redress.Asked.N++
		}
	case "answered":
		if b.in(e.At) {
			if asked, known := b.redress[e.Thread]; known {
				b.answers = append(b.answers, e.At.Sub(asked))
			}
			if e.Result == "upheld" {
				b.side.Redress.Upheld.N++
			}
		}
	}
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

// never counts the rules of never that this side met; what the partner refused is among the refusals, and what must not
// be told is not told here either.
func (b *book) never(t *thread) {
	met := t.stopped
	if t.direction == In {
		met = t.never
	}
	for rule, at := range met {
		if b.in(at) && !t.hidden {
			count(&b.side.NeverRule, rule)
		}
	}
}

// asked counts a request of ours.
func (b *book) asked(t *thread, replies map[string]*times, officers map[string]map[string]int) {
	s, ended := b.side, t.ended()
	sums := b.sums[t.share]
	if sums == nil {
		sums = &sum{}
		b.sums[t.share] = sums
	}
	switch {
	case b.in(t.asked):
		sums.asked++
		count(&s.Requests, t.share)
		if t.urgent {
			count(&s.Urgent, t.share)
		}
		if t.purpose != "" {
			count(&s.Purposes, t.purpose)
		}
		day := b.days[t.share]
		count(&day, t.asked.UTC().Format(time.DateOnly))
		b.days[t.share] = day
		if t.officer != "" {
			if officers[t.share] == nil {
				officers[t.share] = map[string]int{}
			}
			officers[t.share][t.officer]++
		}
	case ended.IsZero() || b.in(ended):
		sums.carried++
	}
	switch {
	case ended.IsZero():
		sums.open++
		count(&s.Open, t.share)
	case b.in(ended):
		switch {
		case t.result == "" && !t.lost.IsZero():
			sums.lost++
		case t.result == hit:
			sums.hits++
			count(&s.Hits, t.share)
		case t.result == noHit:
			sums.noHits++
			count(&s.NoHits, t.share)
		case t.result == data:
			sums.data++
			count(&s.Data, t.share)
		default:
			sums.refused++
			count(&s.Refusals, cmp.Or(t.code, "UNSAID"))
		}
		timed(replies, t, t.result)
	}
	for result, at := range t.outcomes {
		if !b.in(at) {
			continue
		}
		switch result {
		case "confirmed_same":
			s.ConfirmedSame.N++
		case "not_same":
			s.NotSame.N++
		case "useful":
			s.Useful.N++
		case "not_useful":
			s.NotUseful.N++
		}
	}
}

// answered counts a request of the partner.
func (b *book) answered(t *thread, given *Given, took map[string]*times) {
	s, ended := b.side, t.ended()
	if b.in(t.asked) {
		count(&s.Received, t.share)
		if s.ReceivedFrom == nil {
			s.ReceivedFrom = map[string]int{}
		}
		s.ReceivedFrom[b.terms.Partner]++
	}
	switch {
	case ended.IsZero():
		count(&given.Open, t.share)
	case b.in(ended):
		result, code := t.seen()
		switch result {
		case hit:
			count(&given.Hits, t.share)
		case noHit:
			count(&given.NoHits, t.share)
		case data:
			count(&given.Data, t.share)
		default:
			count(&given.Refusals, cmp.Or(code, "UNSAID"))
		}
		timed(took, t, result)
	}
	for result, at := range t.outcomes {
		if b.in(at) {
			count(&given.Outcomes, result)
		}
	}
}

// timed counts how long a reply took. A refusal is none: the machine's take no time, and would make the others look quick.
func timed(by map[string]*times, t *thread, result string) {
	if result != hit && result != noHit && result != data {
		return
	}
	if by[t.share] == nil {
		by[t.share] = &times{}
	}
	by[t.share].add(t.ended().Sub(t.asked), t.late)
}

func (g *Given) empty() bool {
	return g.Hits == nil && g.NoHits == nil && g.Data == nil && g.Refusals == nil && g.Open == nil && g.Outcomes == nil
}

func (b *book) quality(records int, flaws map[string]int) {
	q := b.side.Quality
	q.Records = Count{N: records}
	for flaw, to := range map[string]*float64{
		FlawBirthDefault: &q.BirthDefault, FlawManualCapture: &q.ManualCapture, FlawEmptyField: &q.EmptyField,
		FlawShortName: &q.ShortName, FlawCheckDigit: &q.CheckDigit, FlawDuplicate: &q.Duplicate,
	} {
		*to = share(flaws[flaw], records)
	}
}

// people never shows a small cell, not even at home: few ask, and who reads reports need not know of one.
func (b *book) people() {
	r := b.side.Redress
	r.Asked, r.Upheld = r.Asked.masked(), r.Upheld.masked()
	if n := len(b.answers); n > 0 {
		slices.Sort(b.answers)
		days := int(b.answers[(n-1)/2] / (24 * time.Hour))
		r.MedianDays = &days
	}
}

func (b *book) use(officers map[string]map[string]int) {
	var u Use
	s := b.side
	for share, n := range s.Requests {
		if told := s.Hits[share].N + s.NoHits[share].N; told > 0 {
			if u.HitRate == nil {
				u.HitRate = map[string]float64{}
			}
			u.HitRate[share] = round(float64(s.Hits[share].N)/float64(told), 3)
		}
		most := Count{}
		for _, day := range b.days[share] {
			most.N = max(most.N, day.N)
		}
		if u.BusiestDay == nil {
			u.BusiestDay = Counts{}
		}
		u.BusiestDay[share] = most
		top := 0
		for _, asked := range officers[share] {
			top = max(top, asked)
		}
		if top > 0 && n.N >= Few { // of a few, one officer asking most says nothing
			if u.TopOfficer == nil {
				u.TopOfficer = map[string]float64{}
			}
			u.TopOfficer[share] = round(float64(top)/float64(n.N), 2)
		}
	}
	if u.BusiestDay != nil {
		s.Use = &u
	}
}

// delivery is how long the partner took to acknowledge, and how long it was away.
func (b *book) delivery() {
	var acks times
	var away []Span
	for _, m := range b.messages {
		if b.in(m.arrived) {
			took := m.arrived.Sub(m.left)
			acks.add(took, b.terms.Acknowledge > 0 && took > b.terms.Acknowledge)
		}
		from, until := m.left, m.arrived
		if until.IsZero() {
			until = b.span.Until
		}
		if from.Before(b.span.From) {
			from = b.span.From
		}
		if until.Sub(m.left) > offlineAfter && until.After(from) {
			away = append(away, Span{from, until})
		}
	}
	if len(acks.took) > 0 {
		p := acks.percentiles()
		b.side.AckTime = &p
	}
	b.side.OfflineHours = round(covered(away).Hours(), 1)
}

// checks are the sums that hold for each share, written out.
func (b *book) checks() string {
	var all []string
	for share, s := range sorted(b.sums) {
		if s.carried+s.asked == 0 {
			continue
		}
		left := fmt.Sprintf("%s: %d asked", share, s.asked)
		if s.carried > 0 {
			left += fmt.Sprintf(" + %d from before", s.carried)
		}
		var right []string
		for _, part := range []struct {
			n    int
			what string
		}{{s.hits, "hits"}, {s.noHits, "no hits"}, {s.data, "with data"}, {s.refused, "refusals"}, {s.lost, "undelivered"}, {s.open, "open"}} {
			if part.n > 0 {
				right = append(right, fmt.Sprintf("%d %s", part.n, part.what))
			}
		}
		all = append(all, left+" = "+strings.Join(right, " + "))
	}
	return strings.Join(all, "; ")
}
