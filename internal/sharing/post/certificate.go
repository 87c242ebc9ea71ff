package post

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"database/sql"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/url"
	"time"

	"github.com/rihla/rihla/internal/store"
)

// How long certificates hold. A leaf is made anew by itself a month before its end; a root by hand, both pinned meanwhile.
const (
	rootLife  = 10 * 365 * 24 * time.Hour
	leafLife  = 90 * 24 * time.Hour
	leafRenew = 30 * 24 * time.Hour
	backdated = time.Hour // for clocks that are a little behind
)

// leaf is the certificate this node shows.
type leaf struct {
	tls.Certificate
	until time.Time
}

// certified is a certificate with its key, as made or read.
type certified struct {
	serial string
	pem    string
	cert   *x509.Certificate
	key    *ecdsa.PrivateKey
}

func newCertificate(t *x509.Certificate, parent *certified, now time.Time, life time.Duration) (*certified, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	serial := make([]byte, 16)
	_, _ = rand.Read(serial) // it never fails
	serial[0] = serial[0]&0x3f | 0x40
	t.SerialNumber = new(big.Int).SetBytes(serial)
	t.NotBefore, t.NotAfter, t.BasicConstraintsValid = now.Add(-backdated), now.Add(life), true
	above, by := t, key
	if parent != nil {
		above, by = parent.cert, parent.key
	}
	der, err := x509.CreateCertificate(rand.Reader, t, above, &key.PublicKey, by)
	if err != nil {
		return nil, err
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	return &certified{serial: hex.EncodeToString(serial), pem: string(text), cert: cert, key: key}, nil
}

func newRoot(party string, now time.Time) (*certified, error) {
	return newCertificate(&x509.Certificate{
		Subject: pkix.Name{CommonName: party, Organization: []string{"Rihla exchange root"}}, IsCA: true, MaxPathLenZero: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}, nil, now, rootLife)
}

func newLeaf(party, address string, root *certified, now time.Time) (*certified, error) {
	t := &x509.Certificate{
		Subject: pkix.Name{CommonName: party}, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	if u, err := url.Parse(address); err == nil && u.Hostname() != "" {
		if ip := net.ParseIP(u.Hostname()); ip != nil {
			t.IPAddresses = []net.IP{ip}
		} else {
			t.DNSNames = []string{u.Hostname()}
		}
	}
	return newCertificate(t, root, now, leafLife)
}

var insertCertificate = store.NewInsert("post_certificate", []string{"serial", "root", "pem", "private", "made", "until"}, "")

func (o *Office) keepCertificate(ctx context.Context, tx store.Tx, c *certified, now time.Time) error {
	der, err := x509.MarshalECPrivateKey(c.key)
	if err != nil {
		return err
	}
	sealed := o.vault.private.Seal(nil, nil, der, []byte(c.serial))
	_, err = insertCertificate.Exec(ctx, tx, [][]any{{c.serial, c.cert.IsCA, c.pem, sealed, store.Micros(now), store.Micros(c.cert.NotAfter)}})
	return err
}

// certificates reads the roots, oldest first, or the leaves, newest first.
func (o *Office) certificates(ctx context.Context, r store.Reader, root bool) (all []*certified, err error) {
	order := "order by made desc, serial"
	if root {
		order = "order by made, serial"
	}
	err = store.Rows(ctx, r, func(rows *sql.Rows) error {
		c := &certified{}
		var sealed []byte
		if err := rows.Scan(&c.serial, &c.pem, &sealed); err != nil {
			return err
		}
		der, err := o.vault.private.Open(nil, nil, sealed, []byte(c.serial))
		if err != nil {
			return fmt.Errorf("certificate %s: its sealed key was changed", c.serial)
		}
		if c.key, err = x509.ParseECPrivateKey(der); err != nil {
			return err
		}
		c.cert, err = parseCertificate(c.pem)
		all = append(all, c)
		return err
	}, "select serial, pem, private from post_certificate where root = $1 "+order, root)
	return all, err
}

func (o *Office) readLeaf(ctx context.Context, r store.Reader) (leaf, error) {
	all, err := o.certificates(ctx, r, false)
	if err != nil || len(all) == 0 {
		return leaf{}, err
	}
	c := all[0]
	return leaf{tls.Certificate{Certificate: [][]byte{c.cert.Raw}, PrivateKey: c.key, Leaf: c.cert}, c.cert.NotAfter}, nil
}

func parseCertificate(text string) (*x509.Certificate, error) {
	block, rest := pem.Decode([]byte(text))
	if block == nil || block.Type != "CERTIFICATE" {
		return nil, errors.New("not a certificate in PEM")
	}
	if again, _ := pem.Decode(rest); again != nil {
		return nil, errors.New("more than one certificate in one text")
	}
	return x509.ParseCertificate(block.Bytes)
}

func rootPool(roots []string) (*x509.CertPool, error) {
	pool := x509.NewCertPool()
	for _, text := range roots {
		c, err := parseCertificate(text)
		if err != nil {
			return nil, err
		}
		if !c.IsCA {
			return nil, fmt.Errorf("%s is no root: it may not sign certificates", c.Subject.CommonName)
		}
		pool.AddCert(c)
	}
	return pool, nil
}
