package app

import (
	"io/fs"

	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening/rules"
	"github.com/rihla/rihla/internal/travel"
)

// domains are the domains of the house. A new one is a line here.
func (n *Node) domains() []pipeline.Domain {
	return []pipeline.Domain{
		travel.New(travel.Options{Store: n.Store, IDs: n.Keys, Reads: n.Audit, Home: n.Config.Home, Clock: n.Config.Clock}),
	}
}

// Vocabularies are what rules can see, domain by domain, for whoever tests rules without a node.
func Vocabularies() []rules.Vocabulary {
	return []rules.Vocabulary{travel.Vocabulary()}
}

// rulebook is a domain that ships rules of its own.
type rulebook interface{ Rules() fs.FS }
