package main

import (
	"bytes"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"

	"github.com/rihla/rihla/formats/edifact"
	"github.com/rihla/rihla/formats/paxlst"
	"github.com/rihla/rihla/formats/pnrgov"
	"github.com/rihla/rihla/internal/app"
	"github.com/rihla/rihla/internal/synth"
)

// Each format is read for some rounds, and the best of them counts: whatever else a shared machine does only ever makes
// a round slower.
const (
	benchRounds = 12
	benchRound  = 250 * time.Millisecond
)

func benchDecodeCommand() *cobra.Command {
	return benchCommandOf("decode", "Reading messages of 300 passengers, on one core",
		"Reads varied synthetic messages of 300 passengers from memory, on one core, into structs. The rate is that of the best of twelve rounds of a quarter of a second.", benchDecode)
}

func benchDecode(*cobra.Command) (figures, error) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	defer debug.SetGCPercent(debug.SetGCPercent(app.CollectAt)) // as a node does
	w := synth.Generate(synth.Options{Seed: 1, Flights: 24, Small: 300, Large: 300})
	now := time.Now()
	f := figures{Bench: "decode", Unit: "MB/s", Formats: map[string]formatFigures{}, Binds: "one core: reading takes no lock and waits for nothing"}

	passengerLists, bookings := bodies(w, "PAXLST"), bodies(w, "PNRGOV")
	w = nil // the world's own memory is not what is measured
	runtime.GC()
	var r edifact.Reader
	lists := paxlst.Decoder{Reuse: true}
	lists.Reset(nil, now)
	f.Formats["paxlst"] = measureReading(passengerLists, func(raw []byte) {
		for r.Borrow(raw); r.Next(); {
			_, _ = lists.Decode(&r) // what it says is not looked at, only how fast
		}
	})
	pushes := pnrgov.Decoder{Reuse: true}
	f.Formats["pnrgov"] = measureReading(bookings, func(raw []byte) {
		for r.Borrow(raw); r.Next(); {
			pushes.Decode(&r, now)
		}
	})
	list := f.Formats["paxlst"]
	f.Rate, f.MBs, f.AllocsPerSegment = list.MBs, list.MBs, &list.AllocsPerSegment
	return f, nil
}

// bodies are the world's messages of one type that carry a planeful; single passengers, crews and close-outs are another
// measure.
func bodies(w *synth.World, messageType string) [][]byte {
	var files [][]byte
	for _, m := range w.Messages {
		if len(m.Body) >= 10_000 && bytes.Contains(m.Body[:min(len(m.Body), 400)], []byte(messageType)) {
			files = append(files, bytes.Clone(m.Body))
		}
	}
	return files
}

// measureReading reads the files over and over.
func measureReading(files [][]byte, read func([]byte)) formatFigures {
	var size, segments int
	for _, body := range files {
		size += len(body)
		for r := edifact.NewReader(body); r.Next(); {
			for segments++; r.Scan(); segments++ {
			}
		}
	}
	if len(files) == 0 {
		return formatFigures{}
	}
	all := func() {
		for _, raw := range files {
			read(raw)
		}
	}
	all() // buffers grow to their size
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	times, best := 0, 0.0
	for range benchRounds {
		rounds, began := 0, time.Now()
		for time.Since(began) < benchRound {
			all()
			rounds++
		}
		best = max(best, float64(rounds*size)/time.Since(began).Seconds()/1e6)
		times += rounds
	}
	runtime.ReadMemStats(&after)
	return formatFigures{MBs: best, AllocsPerSegment: float64(after.Mallocs-before.Mallocs) / float64(times*segments)}
}
