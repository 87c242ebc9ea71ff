package synth

import "time"

// Options say what world to make. The zero value of a field means its default.
type Options struct {
	Seed    uint64
	Home    string    // the airport that the flights leave or reach, IATA; default BAH
	Flights int       // how many flights; none gives a world with lists only
	Start   time.Time // the first day of departures; only its date counts. Default 24 November 2026
	Broken  int       // messages that nobody can read, besides the others
	List    int       // entries of an invented list, besides those with the planted travellers

	// Small and Large bound how many people a flight carries. By default 60 to 350, and 80 to 200 in a world of at most
	// twenty flights, which is read again and again by tests.
	Small, Large int

	// Funds is how many reports of money there are at least: declarations, payments, statements, suspicious transactions.
	// They come in whole sets of planted cases with their look-alikes, so some thousand are the least.
	Funds int

	// Cargo is how many consignments there are at least, houses, masters and direct waybills together, on the world's
	// flights. The planted cases with their look-alikes come in one whole set, some four hundred of them.
	Cargo int

	// Cyber is how many reports of threats there are at least: indicators in every form, incidents, logs. They come in
	// whole sets of ten.
	Cyber int

	// Hall says whether the airport files the events of its halls about the flights that arrive: on block, desks and gates,
	// staffing.
	Hall bool
}

// DefaultStart is the first day of departures of a world that is told no other.
var DefaultStart = time.Date(2026, time.November, 24, 0, 0, 0, 0, time.UTC)

func (o Options) withDefaults() Options {
	if o.Start.IsZero() {
		o.Start = DefaultStart
	}
	if o.Home == "" {
		o.Home = defaultHome
	}
	y, m, d := o.Start.Date()
	o.Start = time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	if o.Small <= 0 || o.Large < o.Small {
		o.Small, o.Large = 60, 350
		if o.Flights <= 20 {
			o.Small, o.Large = 80, 200
		}
	}
	return o
}
