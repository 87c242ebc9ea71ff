package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/app"
	"github.com/rihla/rihla/internal/config"
	"github.com/rihla/rihla/internal/intake"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/lists"
	made "github.com/rihla/rihla/internal/synth"
)

// What a node's pages say of halls is what is true of the world whose messages it was sent, in order, and shuffled with
// repeats: which lane is meant for each passenger, who came and how long they waited.
func TestHallsAreTrueWhateverTheOrder(t *testing.T) {
	t.Parallel()
	world := made.Generate(made.Options{Seed: 5, Flights: 16, Small: 40, Large: 80, Hall: true})
	shuffled := slices.Concat(world.Messages, world.Messages[:len(world.Messages)/4])
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	for name, messages := range map[string][]made.Message{"in order": world.Messages, "shuffled": shuffled} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := node(t)
			n.lists(world)
			n.take(messages, len(world.Messages))
			truth := world.Truth.Hall
			flights, people := map[string]made.HallFlight{}, 0
			var quarters []made.HallQuarter
			for day := made.DefaultStart.AddDate(0, 0, -1); day.Before(made.DefaultStart.AddDate(0, 0, 5)); day = day.AddDate(0, 0, 1) {
				var halls struct {
					Halls []struct {
						Hall     string
						Quarters []made.HallQuarter
					}
				}
				n.get("/api/v1/halls/BAH?date="+day.Format(time.DateOnly), &halls)
				for _, h := range halls.Halls {
					for _, q := range h.Quarters {
						if q.Hall = h.Hall; len(q.Lanes) > 0 {
							quarters = append(quarters, q)
						}
					}
				}
				var arrivals struct {
					Items []struct {
						ID, Flight, From, Date, Hall string
						OnBlock                      time.Time `json:"on_block"`
						Lanes                        map[string]int
					}
				}
				n.get("/api/v1/halls/BAH/arrivals?date="+day.Format(time.DateOnly), &arrivals)
				for _, f := range arrivals.Items {
					key := f.Flight + " " + f.Date + " " + f.From + "-BAH"
					flights[key] = made.HallFlight{Flight: key, Hall: f.Hall, OnBlock: f.OnBlock, Lanes: f.Lanes}
					people += n.lanes(f.ID, key, &world.Truth)
				}
			}
			slices.SortFunc(quarters, func(a, b made.HallQuarter) int {
				if c := strings.Compare(a.Hall, b.Hall); c != 0 {
					return c
				}
				return a.Quarter.Compare(b.Quarter)
			})
			if diff := cmp.Diff(truth.Quarters, quarters); diff != "" {
				t.Errorf("what came is not what is true (-true +said):\n%s", diff)
			}
			want := map[string]made.HallFlight{}
			for _, f := range truth.Flights {
				want[f.Flight] = f
			}
			if diff := cmp.Diff(want, flights); diff != "" {
				t.Errorf("what is expected is not what is true (-true +said):\n%s", diff)
			}
			if people < 150 {
				t.Errorf("%d people prove little", people)
			}
		})
	}
}

// running is a node that a test drives.
type running struct {
	*app.Node
	t   *testing.T
	key string
}

// node runs a node of Bahrain until the test ends.
func node(t *testing.T) *running {
	t.Helper()
	ready := make(chan struct{})
	n, err := app.Open(t.Context(), app.Config{
		Dir: t.TempDir(), Ready: func(string) { close(ready) }, Node: config.Node{Listen: "127.0.0.1:0", Home: "BHR", Airports: []string{"BAH"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- n.Run(ctx) }()
	<-ready
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	h := &running{Node: n, t: t}
	if h.key, err = n.Access.CreateKey(ctx, "test", access.NewKey{Role: access.Officer, Name: "officer"}); err != nil {
		t.Fatal(err)
	}
	return h
}

// lists puts a world's lists in force.
func (h *running) lists(w *made.World) {
	h.t.Helper()
	for _, l := range w.Lists {
		var data bytes.Buffer
		if err := l.Write(&data); err != nil {
			h.t.Fatal(err)
		}
		if _, err := screening.LoadList(h.t.Context(), h.Store, screening.Upload{Name: l.Name, By: "test", Role: "administrator", Files: []lists.File{{Name: l.Name, Data: data.Bytes()}}}); err != nil {
			h.t.Fatal(err)
		}
	}
	if _, err := h.Screener.Refresh(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

// take files messages and waits until the store has them all.
func (h *running) take(messages []made.Message, different int) {
	h.t.Helper()
	for _, m := range messages {
		if _, err := h.Journal.Take(h.t.Context(), intake.Delivery{Filer: intake.Filer{Name: m.Carrier}, Gate: "http", Raw: m.Body}); err != nil {
			h.t.Fatal(err)
		}
	}
	for end := time.Now().Add(2 * time.Minute); ; time.Sleep(20 * time.Millisecond) {
		stored, bad, err := h.Reports.Count(h.t.Context())
		if err != nil || bad > 0 || time.Now().After(end) {
			h.t.Fatalf("%d of %d stored, %d of them quarantined: %v", stored, different, bad, err)
		}
		if stored >= different {
			return
		}
	}
}

// get asks as an officer.
func (h *running) get(path string, into any) {
	h.t.Helper()
	q := httptest.NewRequest(http.MethodGet, path, nil)
	q.Header.Set("Authorization", "Bearer "+h.key)
	a := httptest.NewRecorder()
	h.Handler.ServeHTTP(a, q)
	if a.Code != http.StatusOK {
		h.t.Fatalf("%s answers %d: %s", path, a.Code, a.Body)
	}
	if err := json.Unmarshal(a.Body.Bytes(), into); err != nil {
		h.t.Fatal(err)
	}
}

// lanes compares the lane of everybody on a flight, nobody drawn by chance, and answers how many they are.
func (h *running) lanes(id, key string, truth *made.Truth) int {
	h.t.Helper()
	var said struct {
		Items []struct{ Name, Lane, Expected, Draw string }
	}
	h.get("/api/v1/flights/"+id+"/lanes", &said)
	var want, got []string
	for i := range truth.Flights {
		if f := &truth.Flights[i]; f.Key() == key {
			for _, p := range f.Passengers {
				if p.Lane != "" {
					want = append(want, strings.ToUpper(screening.Name{Surname: p.Surname, Given: p.Given}.String())+" "+p.Lane)
				}
			}
			for range f.Crew {
				want = append(want, "crew")
			}
		}
	}
	for _, p := range said.Items {
		if p.Draw == "" && p.Lane != p.Expected {
			h.t.Errorf("%s: %+v", key, p)
		}
		who := strings.ToUpper(p.Name) + " " + p.Expected
		if p.Expected == "priority" && !slices.Contains(want, who) { // truth counts crew, and names none
			who = "crew"
		}
		got = append(got, who)
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		h.t.Errorf("%s: the lanes are not what is true (-true +said):\n%s", key, diff)
	}
	return len(got)
}
