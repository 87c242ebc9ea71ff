package funds

import "github.com/rihla/rihla/internal/screening"

// subject is the party as screening sees it: who it is and what it shares, no amounts. It names no instant until which it
// is ahead: as long as it is held a designation concerns it.
func (m *Merged) subject(context string) screening.Subject {
	s := screening.Subject{
		ID: screening.ID(m.ID), Domain: Name, Within: m.ID, Context: context, Names: m.Names, Births: m.Births, Sex: m.Sex,
		Countries: m.Countries, Documents: m.Documents,
	}
	if len(m.Names) == 0 {
		s.Title = m.title()
	}
	for _, c := range m.Contacts {
		s.Ties = append(s.Ties, screening.Tie(c))
	}
	if m.Account != "" {
		s.Ties = append(s.Ties, screening.Tie{Kind: "account", Value: m.Account})
	}
	return s
}

// title says in one line what the party is, for queues.
func (m *Merged) title() string {
	switch {
	case m.Account != "" && m.Institution != "":
		return m.Account + " " + m.Institution
	case m.Account != "":
		return m.Account
	case len(m.Documents) > 0:
		return m.Documents[0].Number + " " + m.Documents[0].Issuer
	case m.Registration != "":
		return m.Registration
	}
	return m.BIC
}
