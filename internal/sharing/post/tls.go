package post

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"time"
)

// A machine is a party's when its certificate leads to one of the roots pinned for that party, and to no other's: each
// root is private to one party, so names in certificates say nothing that is believed.

var errStranger = errors.New("no partner's root vouches for this certificate")

// partyBy finds whose certificate it is.
func (g *ring) partyBy(chain []*x509.Certificate, usage x509.ExtKeyUsage, at time.Time) (*party, error) {
	if len(chain) == 0 {
		return nil, errStranger
	}
	between := x509.NewCertPool()
	for _, c := range chain[1:] {
		between.AddCert(c)
	}
	why := errStranger
	for _, p := range g.parties {
		if p.own {
			continue
		}
		_, err := chain[0].Verify(x509.VerifyOptions{Roots: p.pool, Intermediates: between, CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{usage}})
		if err == nil {
			return p, nil
		}
		var invalid x509.CertificateInvalidError
		if errors.As(err, &invalid) {
			why = fmt.Errorf("%w: %w", errStranger, err)
		}
	}
	return nil, why
}

// TLS is how the listener for partners speaks: TLS 1.3, and only with those whose root is pinned.
func (o *Office) TLS() *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS13,
		ClientAuth: tls.RequireAnyClientCert,
		NextProtos: []string{"h2", "http/1.1"},
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			return o.shown()
		},
		VerifyConnection: func(c tls.ConnectionState) error {
			g, err := o.fresh()
			if err != nil {
				return err
			}
			_, err = g.partyBy(c.PeerCertificates, x509.ExtKeyUsageClientAuth, o.clock())
			return err
		},
	}
}

// to is how a partner is spoken to.
func (o *Office) to(id string) *tls.Config {
	return &tls.Config{
		MinVersion:         tls.VersionTLS13,
		InsecureSkipVerify: true, //nolint:gosec // VerifyConnection verifies, by the partner's own roots instead of by names
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			return o.shown()
		},
		VerifyConnection: func(c tls.ConnectionState) error {
			g, err := o.fresh()
			if err != nil {
				return err
			}
			p, err := g.partyBy(c.PeerCertificates, x509.ExtKeyUsageServerAuth, o.clock())
			if err == nil && p.id != id {
				err = fmt.Errorf("%s answered where %s should", p.id, id)
			}
			return err
		},
	}
}

func (o *Office) shown() (*tls.Certificate, error) {
	g, err := o.fresh()
	if err != nil {
		return nil, err
	}
	if g.leaf.Leaf == nil {
		return nil, errNoCard
	}
	return &g.leaf.Certificate, nil
}

// fresh is who is who as of this handshake: a card that another process trusted a moment ago counts.
func (o *Office) fresh() (*ring, error) {
	ctx, cancel := context.WithTimeout(context.Background(), pace)
	defer cancel()
	return o.now(ctx)
}
