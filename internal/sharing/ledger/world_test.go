package ledger_test

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/rihla/rihla/internal/sharing/ledger"
)

// world is two states that talk, each with its own log. What one sends is in both.
type world struct {
	now      time.Time
	logs     map[string][]ledger.Entry // by party
	messages int
	quick    bool // messages take no time on their way
	requests int
}

var authority = map[string]string{"bh": "bh-piu", "us": "us-ntc"}

func other(party string) string {
	if party == "bh" {
		return "us"
	}
	return "bh"
}

func newWorld(from string) *world {
	now, err := time.Parse(time.RFC3339, from)
	if err != nil {
		panic(err)
	}
	return &world{now: now, logs: map[string][]ledger.Entry{}}
}

func (w *world) wait(d time.Duration) { w.now = w.now.Add(d) }

// note writes a step into one state's log.
func (w *world) note(party, actor string, s ledger.Step) {
	s.Agreement, s.Version = "bh-us-travel", 3
	if s.Partner == "" {
		s.Partner = authority[other(party)]
	}
	w.logs[party] = append(w.logs[party], ledger.Entry{Step: s, Number: int64(len(w.logs[party]) + 1), At: w.now, Actor: actor})
}

func (w *world) id() string {
	w.messages++
	return fmt.Sprintf("m%d", w.messages)
}

// send takes a message from one log to the other, and gives its id.
func (w *world) send(party string, s ledger.Step) string {
	s.Message = w.id()
	if s.Thread == "" {
		s.Thread = s.Message
	}
	s.Kind, s.Direction = ledger.Sent, ledger.Out
	w.note(party, "post", s)
	took := time.Duration(1+w.messages%3) * time.Second
	if w.quick {
		took = 0
	}
	w.wait(took)
	told := s
	told.Kind, told.Direction = ledger.Received, ledger.In
	w.note(other(party), "post", told)
	w.note(party, "post", ledger.Step{Kind: ledger.Delivered, Direction: ledger.Out, Type: s.Type, Share: s.Share, Message: s.Message, Thread: s.Thread})
	w.wait(-took)
	return s.Message
}

// ask is a whole request: asked now, answered after a while with a result.
func (w *world) ask(asker, share, purpose string, took, within time.Duration, result, code string) (thread string) {
	began := w.now
	w.requests++
	thread = w.send(asker, ledger.Step{
		Type: "REQUEST", Share: share, Purpose: purpose, Due: w.now.Add(within), Officer: fmt.Sprintf("o-%02d", w.requests%7),
	})
	if result == "" {
		return thread
	}
	holder := other(asker)
	w.wait(took)
	answer := ledger.Step{Type: "REPLY", Share: share, Thread: thread, InReplyTo: thread, Late: took > within}
	if result == "refused" {
		answer.Type, answer.Late = "REFUSAL", false
	}
	decided := answer
	decided.Kind, decided.Direction, decided.Result, decided.Code = ledger.Approved, ledger.Out, result, code
	w.note(holder, "officer", decided)
	w.send(holder, answer)
	decided.Kind, decided.Direction = ledger.Decided, ledger.In
	w.note(asker, "sharing", decided)
	w.now = began
	return thread
}

func (w *world) outcome(asker, thread, result string) {
	message := w.send(asker, ledger.Step{Type: "OUTCOME", Thread: thread})
	s := ledger.Step{Kind: ledger.Decided, Type: "OUTCOME", Thread: thread, Message: message, Result: result}
	s.Direction = ledger.Out
	w.note(asker, "officer", s)
	s.Direction = ledger.In
	w.note(other(asker), "sharing", s)
}

// erase asks the other side to erase something, which it does after a while.
func (w *world) erase(party string, took, within time.Duration) {
	began := w.now
	message := w.send(party, ledger.Step{Type: "ERASE", Due: w.now.Add(within)})
	w.wait(took)
	w.note(other(party), "eraser", ledger.Step{Kind: ledger.Erased, Code: "withdrawn", InReplyTo: message})
	w.send(other(party), ledger.Step{Type: "DONE", Thread: message, InReplyTo: message})
	w.now = began
}

func (w *world) correct(party string, took, within time.Duration) {
	began := w.now
	message := w.send(party, ledger.Step{Type: "CORRECTION", Due: w.now.Add(within)})
	w.wait(took)
	w.send(other(party), ledger.Step{Type: "DONE", Thread: message, InReplyTo: message})
	w.now = began
}

// give sends data unasked, with what is wrong with it.
func (w *world) give(party, share string, flaws ...string) {
	s := ledger.Step{Type: "SHARE", Share: share, Kept: []string{"vetting.outcome"}, Flaws: flaws}
	message := w.send(party, s)
	s.Kind, s.Direction, s.Message, s.Thread = ledger.Approved, ledger.Out, message, message
	w.note(party, "officer", s)
}

func (w *world) matched(party string, keys, padded, hits int) {
	w.note(party, "matching", ledger.Step{Kind: ledger.Matched, Direction: ledger.Out, Share: "T1", Keys: keys, Padded: padded, Hits: hits})
	w.note(other(party), "matching", ledger.Step{Kind: ledger.Matched, Direction: ledger.In, Share: "T1", Padded: padded})
}

func (w *world) redress(party string, days int, upheld bool) {
	began, thread := w.now, w.id()
	w.note(party, "custody", ledger.Step{Kind: ledger.Redress, Code: "asked", Thread: thread})
	w.wait(time.Duration(days) * 24 * time.Hour)
	result := "refused"
	if upheld {
		result = "upheld"
	}
	w.note(party, "custody", ledger.Step{Kind: ledger.Redress, Code: "answered", Result: result, Thread: thread})
	w.now = began
}

// month is an invented November: some of all that happens.
func month() *world {
	w := newWorld("2026-10-30T06:00:00Z")
	dice := rand.New(rand.NewPCG(6, 11))
	shares := []struct {
		id, purpose string
		within      time.Duration
	}{{"T2", "terrorism", 15 * time.Minute}, {"T2", "serious-crime", 15 * time.Minute}, {"T3", "terrorism", 48 * time.Hour}, {"T5", "facilitation", 240 * time.Hour}}
	for range 31 {
		for range 3 + dice.IntN(6) {
			w.wait(time.Duration(10+dice.IntN(90)) * time.Minute)
			asker := []string{"bh", "us"}[dice.IntN(2)]
			s := shares[dice.IntN(len(shares))]
			took := time.Duration(float64(s.within) * dice.Float64() * 1.08)
			result, code := "data", ""
			switch {
			case s.id == "T2" && dice.IntN(6) == 0:
				result = "hit"
			case s.id == "T2":
				result = "no_hit"
			}
			switch dice.IntN(20) {
			case 0:
				result, code = "refused", []string{"INCOMPLETE", "QUOTA", "NOT_PROPORTIONATE", "REASON_WITHHELD"}[dice.IntN(4)]
			case 1:
				result = ""
			}
			thread := w.ask(asker, s.id, s.purpose, took, s.within, result, code)
			if result == "hit" {
				began := w.now
				w.wait(took + time.Hour)
				w.outcome(asker, thread, []string{"confirmed_same", "confirmed_same", "not_same"}[dice.IntN(3)])
				w.now = began
			}
		}
		switch dice.IntN(5) {
		case 0:
			w.erase("us", time.Duration(dice.IntN(9))*24*time.Hour, 7*24*time.Hour)
		case 1:
			w.correct("bh", time.Duration(dice.IntN(60))*time.Hour, 72*time.Hour)
		case 2:
			w.give("bh", "T5", []string{"", ledger.FlawManualCapture, ledger.FlawBirthDefault}[dice.IntN(3)])
		case 3:
			w.matched("bh", 200+dice.IntN(60), 256, dice.IntN(3))
		}
		w.now = w.now.Truncate(24 * time.Hour).Add(30 * time.Hour)
	}
	// What must not be told: a person who seeks protection from the asker. The partner saw a no-hit.
	w.now = time.Date(2026, 11, 12, 9, 0, 0, 0, time.UTC)
	thread := w.ask("us", "T2", "terrorism", 2*time.Minute, 15*time.Minute, "", "")
	w.note("bh", "sharing", ledger.Step{
		Kind: ledger.Decided, Direction: ledger.In, Type: "REQUEST", Share: "T2", Thread: thread, Verdict: "refuse", Result: "refused", Told: "no_hit",
		Code: "NEVER_RULE", Clause: "never.rules.N2",
	})
	w.wait(2 * time.Minute)
	w.send("bh", ledger.Step{Type: "REPLY", Share: "T2", Thread: thread, InReplyTo: thread})
	w.note("us", "sharing", ledger.Step{Kind: ledger.Decided, Direction: ledger.In, Type: "REPLY", Share: "T2", Thread: thread, Result: "no_hit"})
	thread = w.ask("us", "T2", "terrorism", time.Second, 15*time.Minute, "refused", "NEVER_RULE")
	w.note("bh", "sharing", ledger.Step{Kind: ledger.Decided, Direction: ledger.In, Type: "REQUEST", Thread: thread, Code: "NEVER_RULE", Clause: "never.rules.N1", Child: true})
	w.note("bh", "dana", ledger.Step{Kind: ledger.Approved, Direction: ledger.Out, Type: "PENDING", Share: "T3", Thread: "t-court", Code: "JUDICIAL"})
	w.note("bh", "dana", ledger.Step{Kind: ledger.Unmasked, Share: "T4"})
	w.note("bh", "post", ledger.Step{Kind: ledger.Rejected, Code: "CONFLICT", Message: "m-other"})
	w.note("bh", "sharing", ledger.Step{Kind: ledger.Stopped, Type: "REQUEST", Share: "T4", Code: "QUOTA", Clause: "shares.T4.quota"})
	w.redress("bh", 11, true)
	w.note("us", "post", ledger.Step{Kind: ledger.Sent, Direction: ledger.Out, Type: "HELLO", Message: "m-away"})
	w.wait(5*time.Hour + 30*time.Minute)
	w.note("us", "post", ledger.Step{Kind: ledger.Delivered, Direction: ledger.Out, Type: "HELLO", Message: "m-away"})
	return w
}
