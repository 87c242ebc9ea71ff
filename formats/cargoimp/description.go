package cargoimp

import (
	"strings"

	"github.com/rihla/rihla/formats/goods"
)

// describe judges a description: one that says nothing is an error that every regime knows, one that is only vague or
// short is a remark, for whoever assesses the consignment asks for more himself.
func (r *reader) describe(at field, d *goods.Description) {
	const field, mend = "goods description", "say what the goods are, what they are made of or for: RUBBER SEALS FOR WATER PUMPS"
	v := d.Judge()
	switch {
	case v.Rule == goods.DescriptionEmpty:
		r.wrong(at, MissingDescription, field, mend, "the goods are not described: %q", d.Text)
	case v.Rule == goods.DescriptionVague && v.Void:
		r.wrong(at, MissingDescription, field, mend, "the description says nothing of the goods: %q", d.Text)
	case v.Rule == goods.DescriptionVague:
		r.odd(at, VagueDescription, field, mend, "the description %q is vague: %s", d.Text, strings.Join(v.Words, ", "))
	case v.Rule == goods.DescriptionShort:
		r.odd(at, ShortDescription, field, mend, "the description %q is one word, without an HS code", d.Text)
	}
}
