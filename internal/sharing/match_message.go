package sharing

import (
	"time"

	"github.com/rihla/rihla/internal/sharing/matching"
)

// pmList is a part of what PM-LIST tells: an epoch's public key and the tags of a list.
type pmList struct {
	Epoch      string    `json:"epoch"`
	PublicKey  []byte    `json:"pk"`
	ListSize   int       `json:"list_size"` // padding included
	KeyProfile string    `json:"key_profile"`
	KeyRules   string    `json:"key_rules,omitempty"` // [matching.Digest]; absent, the partner vouches for the profile itself
	Suite      string    `json:"suite"`
	Until      time.Time `json:"until"`
	Part       int       `json:"part"`
	Parts      int       `json:"parts"`
	Tags       [][]byte  `json:"tags"`
}

// tagsAPart keeps a message well below its most.
const tagsAPart = 16_384

// mostParts of a list: those of the largest that can be searched.
const mostParts = 1 << 10

// pmBlind is a batch that is asked.
type pmBlind struct {
	Epoch      string   `json:"epoch"`
	KeyProfile string   `json:"key_profile"`
	Flight     Journey  `json:"flight"`
	Stage      string   `json:"stage"`
	Commitment []byte   `json:"commitment"`
	Elements   [][]byte `json:"elements"`
}

// pmEval is its answer.
type pmEval struct {
	Epoch string `json:"epoch"`
	matching.Answer
}

// matchReceipt tells the list's side what came of a batch, in numbers.
type matchReceipt struct {
	Stored bool   `json:"stored"`
	Epoch  string `json:"epoch"`
	Asked  int    `json:"asked"`
	Padded int    `json:"padded"`
	Hits   int    `json:"hits_count"`
}
