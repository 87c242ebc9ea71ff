package trust

import (
	"sync"

	"github.com/rihla/rihla/formats/cms"
)

// mostRemembered bounds what is kept: states have some thousand signers in use, and strangers may hand in any number.
const mostRemembered = 4096

// memory keeps how checks of certificates and revocation lists ended, for a list that does not change: one signer signs a
// year's passports, and its authority's curve is the dearest part of each check.
type memory struct {
	mu    sync.Mutex
	ended map[[2]string]cms.Result
}

// check answers as compute does, and computes once.
func (m *memory) check(what, by string, compute func() cms.Result) cms.Result {
	key := [2]string{what, by}
	m.mu.Lock()
	r, known := m.ended[key]
	m.mu.Unlock()
	if known {
		return r
	}
	r = compute() // two at once compute the same
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.ended == nil {
		m.ended = map[[2]string]cms.Result{}
	}
	if len(m.ended) < mostRemembered {
		m.ended[key] = r
	}
	return r
}
