package main

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"time"

	"github.com/spf13/cobra"

	"github.com/rihla/rihla/formats/observable"
	"github.com/rihla/rihla/internal/cyber/match"
)

// What bench logmatch does.
const (
	logmatchLines = 20_000
	logmatchFor   = 3 * time.Second // each form
	logmatchEach  = 1000            // one line in so many meets an indicator
)

func benchLogmatchCommand() *cobra.Command {
	var indicators int
	c := benchCommandOf("logmatch", "Log lines against indicators",
		"Matches invented log lines, JSON of about 300 bytes (the rate) and questions to a name server, against invented indicators on one core: names with all names above them, addresses with the networks around them, URLs, digests. One line in a thousand meets an indicator.",
		func(*cobra.Command) (figures, error) { return benchLogmatch(indicators) })
	c.Flags().IntVar(&indicators, "indicators", 1_000_000, "how many indicators")
	return c
}

func benchLogmatch(indicators int) (figures, error) {
	f := figures{Bench: "logmatch", Unit: "lines/s"}
	r := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // invented data
	entries := inventIndicators(r, indicators)
	began := time.Now()
	index := match.Build(entries)
	f.notes = append(f.notes, fmt.Sprintf("%d indicators; their index was built in %.1f s", index.Size(), time.Since(began).Seconds()))
	layers := match.NewLayers(index, match.Build(nil), nil)
	for _, form := range []match.Form{match.JSONLines, match.DNSLog} {
		lines, bytes := inventLines(r, form, entries)
		s := match.NewScanner(layers)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		n, hits := 0, 0
		began, took := time.Now(), time.Duration(0)
		for took = time.Since(began); took < logmatchFor; took = time.Since(began) {
			for _, line := range lines {
				l, ok := s.Read(form, line)
				if !ok {
					return f, fmt.Errorf("a line was not read: %s", line)
				}
				hits += len(l.Hits)
			}
			n += len(lines)
		}
		runtime.ReadMemStats(&after)
		if hits == 0 {
			return f, fmt.Errorf("no line of %s met an indicator, and one in %d should", form, logmatchEach)
		}
		rate := float64(n) / took.Seconds()
		f.notes = append(f.notes, fmt.Sprintf("%s: %.0f lines/s, %.0f MB/s, %.4f allocations a line, one in %.0f met", form, rate,
			float64(n)/float64(len(lines))*float64(bytes)/took.Seconds()/1e6, float64(after.Mallocs-before.Mallocs)/float64(n), float64(n)/float64(hits)))
		if form == match.JSONLines {
			f.Rate = rate
			f.MBs = float64(n) / float64(len(lines)) * float64(bytes) / took.Seconds() / 1e6
		}
	}
	return f, nil
}

func inventIndicators(r *rand.Rand, n int) []match.Entry {
	entries := make([]match.Entry, n)
	for i := range entries {
		e := &entries[i]
		e.ID = fmt.Sprintf("%08x-0000-8000-8000-%012x", i, i)
		switch i % 10 {
		case 0, 1, 2, 3:
			e.Kind, e.Value = observable.Domain, fmt.Sprintf("h%x.d%x.example", r.Uint32(), r.Uint32()%100_000)
		case 4, 5:
			e.Kind, e.Value = observable.IPv4, inventAddress(r)
		case 6:
			e.Kind, e.Value = observable.CIDR, fmt.Sprintf("100.%d.%d.%d/29", 64+r.IntN(64), r.IntN(256), r.IntN(32)*8)
		case 7:
			e.Kind, e.Value = observable.URL, fmt.Sprintf("http://u%x.example/p%x", r.Uint32(), r.Uint32())
		case 8:
			e.Kind, e.Value = observable.SHA256, fmt.Sprintf("%016x%016x%016x%016x", r.Uint64(), r.Uint64(), r.Uint64(), r.Uint64())
		default:
			e.Kind, e.Value = observable.IPv6, fmt.Sprintf("2001:db8:%x:%x::%x", 1+r.IntN(65535), 1+r.IntN(65535), 1+r.IntN(65535))
		}
	}
	return entries
}

func inventAddress(r *rand.Rand) string {
	return fmt.Sprintf("%d.%d.%d.%d", 1+r.IntN(99), r.IntN(256), r.IntN(256), r.IntN(256))
}

func inventLines(r *rand.Rand, form match.Form, entries []match.Entry) (lines [][]byte, bytes int) {
	for i := range logmatchLines {
		host := fmt.Sprintf("www%d.shop%d.example", i%50, i%3000)
		if i%logmatchEach == 0 && len(entries) > 0 {
			host = "a." + entries[r.IntN(len(entries))/10*10].Value // every tenth is a name
		}
		var line []byte
		if form == match.JSONLines {
			line = fmt.Appendf(nil, `{"ts":%d.%06d,"uid":"C%x","id.orig_h":"192.0.2.%d","id.orig_p":%d,"id.resp_h":"%s","id.resp_p":443,"proto":"tcp","host":"%s","uri":"https:\/\/%s\/item\/%x?ref=mail","user_agent":"Mozilla/5.0 (X11; Linux x86_64)","status_code":200}`,
				1_773_561_600+i, i, r.Uint32(), i%250, 1024+i, inventAddress(r), host, host, r.Uint64())
		} else {
			line = fmt.Appendf(nil, "15-Mar-2026 08:00:%02d.%03d queries: info: client @0x7f%08x 192.0.2.%d#%d (%s): query: %s IN A +E(0)K (203.0.113.53)",
				i%60, i%1000, r.Uint32(), i%250, 1024+i, host, host)
		}
		lines, bytes = append(lines, line), bytes+len(line)
	}
	return lines, bytes
}
