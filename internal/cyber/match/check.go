package match

import "bytes"

// Checker tells lines that can be read from those that cannot, and looks for nothing: a quarter of the work of a Scanner.
type Checker struct {
	form    Form
	scanner *Scanner
}

// NewChecker checks lines of a form.
func NewChecker(f Form) *Checker { return &Checker{f, NewScanner(nothing)} }

// Read reports whether a scanner would read the line.
func (c *Checker) Read(line []byte) bool {
	if c.form == DNSLog {
		_, ok := c.scanner.DNS(line)
		return ok
	}
	line = bytes.TrimSpace(line)
	if len(line) < 2 || line[0] != '{' || line[len(line)-1] != '}' {
		return false
	}
	depth := 0
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '"':
			end, _, _ := closing(line, i+1)
			if end < 0 {
				return false
			}
			i = end
		case '{', '[':
			if depth == deepest || depth == 0 && i > 0 {
				return false
			}
			depth++
		case '}', ']':
			if depth--; depth < 0 {
				return false
			}
		}
	}
	return depth == 0
}
