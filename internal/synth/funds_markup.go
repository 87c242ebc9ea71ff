package synth

import "strings"

// markup writes XML as systems do that print it by hand: one element a line.
type markup struct {
	b     []byte
	level int
}

func newMarkup() *markup { return &markup{b: []byte("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")} }

func (x *markup) line(s string) {
	for range x.level {
		x.b = append(x.b, "  "...)
	}
	x.b = append(append(x.b, s...), '\n')
}

func (x *markup) in(name string, inside func()) {
	x.line("<" + name + ">")
	x.level++
	inside()
	x.level--
	x.line("</" + name + ">")
}

var escapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

func (x *markup) el(name, text string) {
	x.line("<" + name + ">" + escapes.Replace(text) + "</" + name + ">")
}

func (x *markup) with(name, attribute, value, text string) {
	x.line("<" + name + " " + attribute + `="` + value + `">` + text + "</" + name + ">")
}

func (x *markup) account(name string, h *holder) {
	x.in(name, func() {
		x.in("Id", func() {
			if h.number[0] >= 'A' {
				x.el("IBAN", h.number)
				return
			}
			x.in("Othr", func() { x.el("Id", h.number) })
		})
	})
}

func (x *markup) passport(p *person) {
	x.in("Othr", func() {
		x.el("Id", p.passport.number)
		x.in("SchmeNm", func() { x.el("Cd", "CCPT") })
		x.el("Issr", p.from.two)
	})
}
