package intake

// NewTurnsOf are turns for so many cores.
func NewTurnsOf(cores int) *Turns { return &Turns{most: cores} }

// Taken is how many turns are taken.
func (t *Turns) Taken() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.taken
}
