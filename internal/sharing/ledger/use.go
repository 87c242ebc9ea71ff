package ledger

// quality is what was wrong with the records given, as shares of them.
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

// use is how this side used what it may ask: how often it hit, on which day it asked most, and how much one officer asked.
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
