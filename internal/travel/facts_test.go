package travel

import "testing"

// A transmission in parts withdraws nobody until all of it is there, whole, and together it holds what it declared.
func TestComplete(t *testing.T) {
	t.Parallel()
	part := func(kind string, minute int64, no int, final bool, declared, held int, broken bool) Part {
		return Part{Kind: kind, Sender: "ZZ", Access: "ZZ431/261124/1220", No: no, Final: final, Declared: declared, Held: held, Broken: broken,
			Clock: Clock{At: minute, Rank: rankList, Sent: minute}}
	}
	for name, c := range map[string]struct {
		parts []Part
		since int64 // 0: nothing is complete
	}{
		"one message":                            {[]Part{part(partList, 5, 1, true, 3, 3, false)}, 5},
		"one message without a total":            {[]Part{part(partList, 5, 1, true, 0, 3, false)}, 5},
		"a total of more than could be read":     {[]Part{part(partList, 5, 1, true, 4, 3, false)}, 0},
		"something of it was lost":               {[]Part{part(partList, 5, 1, true, 3, 3, true)}, 0},
		"the last part alone":                    {[]Part{part(partList, 5, 2, true, 0, 3, false)}, 0},
		"both parts, each with its own total":    {[]Part{part(partList, 4, 1, false, 2, 2, false), part(partList, 5, 2, true, 3, 3, false)}, 4},
		"both parts, each with the total of all": {[]Part{part(partList, 4, 1, false, 5, 2, false), part(partList, 5, 2, true, 5, 3, false)}, 4},
		"the first part is broken":               {[]Part{part(partList, 4, 1, false, 2, 2, true), part(partList, 5, 2, true, 3, 3, false)}, 0},
		"sent again, the later one counts":       {[]Part{part(partList, 5, 1, true, 3, 3, false), part(partList, 9, 1, true, 2, 2, false)}, 9},
		"sent again, half of it: the old stands": {[]Part{part(partList, 4, 1, false, 2, 2, false), part(partList, 5, 2, true, 3, 3, false), part(partList, 9, 2, true, 3, 3, false)}, 4},
		"a push holds all bookings it declares":  {[]Part{part(partFull, 5, 1, true, 2, 2, false)}, 5},
		"a push in parts declares them all":      {[]Part{part(partFull, 5, 1, false, 5, 2, false), part(partFull, 5, 2, true, 5, 3, false)}, 5},
		"a part of a push is missing":            {[]Part{part(partFull, 5, 1, false, 9, 2, false), part(partFull, 5, 2, true, 9, 3, false)}, 0},
		"a push of a flight nobody booked":       {[]Part{part(partFull, 5, 1, true, 0, 0, false)}, 5},
		"an update never withdraws by omission":  {[]Part{part(partUpdate, 5, 1, true, 2, 2, false)}, 0},
		"another sender's last part is not ours": {[]Part{part(partList, 4, 1, false, 2, 2, false), {Kind: partList, Sender: "YY", Access: "ZZ431/261124/1220", No: 2, Final: true, Clock: Clock{At: 5, Sent: 5}}}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var f Facts
			f.hear(sourceAPI, Header{}, c.parts...)
			kind := c.parts[0].Kind
			if kind == partUpdate {
				kind = partFull
			}
			if got := f.complete(kind)["ZZ"].At; got != c.since {
				t.Errorf("complete as of %d, want %d", got, c.since)
			}
		})
	}
}
