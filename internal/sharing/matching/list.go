package matching

import (
	"bytes"
	"crypto/rand"
	"math/bits"
	"slices"
	"sort"
)

// Tags are all tags of a list, sorted, one after another; random ones among them make their number a power of two. They
// are made for one epoch and end with it.
type Tags []byte

// mostTags of a list: 2^24 of 16 bytes are 256 MiB.
const mostTags = 1 << 24

// Len is the number of tags, the random ones included.
func (t Tags) Len() int { return len(t) / tagLength }

// Check says whether what came as tags can be searched.
func (t Tags) Check() error {
	n := t.Len()
	if len(t)%tagLength != 0 || n == 0 || n > mostTags || bits.OnesCount(uint(n)) != 1 {
		return ErrTags
	}
	for i := 1; i < n; i++ {
		if bytes.Compare(t.at(i-1), t.at(i)) >= 0 {
			return ErrTags
		}
	}
	return nil
}

// Has says whether a tag is among them.
func (t Tags) Has(tag Tag) bool {
	i := sort.Search(t.Len(), func(i int) bool { return bytes.Compare(t.at(i), tag[:]) >= 0 })
	return i < t.Len() && bytes.Equal(t.at(i), tag[:])
}

func (t Tags) at(i int) []byte { return t[i*tagLength : (i+1)*tagLength] }

// padded sorts tags and fills them up with random ones to a power of two.
func padded(tags []Tag) Tags {
	order := func(a, b Tag) int { return bytes.Compare(a[:], b[:]) }
	slices.SortFunc(tags, order)
	tags = slices.Compact(tags)
	size := leastTags
	for size < len(tags) {
		size *= 2
	}
	for len(tags) < size {
		for missing := size - len(tags); missing > 0; missing-- {
			var t Tag
			_, _ = rand.Read(t[:]) // never fails
			tags = append(tags, t)
		}
		slices.SortFunc(tags, order)
		tags = slices.Compact(tags)
	}
	out := make(Tags, 0, size*tagLength)
	for i := range tags {
		out = append(out, tags[i][:]...)
	}
	return out
}

// leastTags of a list, so that a short one does not say how short.
const leastTags = 256
