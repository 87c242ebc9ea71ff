package specimen

import (
	"bytes"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"strings"
)

// File is a file with its path.
type File struct {
	Path string
	Data []byte
}

// Trust is what an operator would be handed to trust the state: its authority by hand, the rest as the ICAO PKD has it.
func (s *State) Trust() ([]File, error) {
	list, err := s.MasterList(s.Authority.Certificate, s.Next.Certificate)
	if err != nil {
		return nil, err
	}
	revoked, err := s.Revocations(7, s.Day.AddDate(0, 0, -10), 0x0BAD)
	if err != nil {
		return nil, err
	}
	next, err := s.RevocationsBy(&s.Next, 1, s.Day.AddDate(0, 0, -10))
	if err != nil {
		return nil, err
	}
	return []File{
		{"csca-1.cer", s.Authority.Certificate.Raw},
		{"csca-2-link.cer", s.Link.Certificate.Raw},
		{"master-list.ml", list},
		{"csca-1.crl", revoked},
		{"csca-2.crl", next},
		{"dsc-1.cer", s.Document.Certificate.Raw},
		{"seal-signer.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Seal.Certificate.Raw})},
	}, nil
}

// LDIF is a part of a public key directory with what is given: distinguished name, attribute, value.
func LDIF(entries ...[3]string) []byte {
	var b bytes.Buffer
	b.WriteString("version: 1\n\n")
	for _, e := range entries {
		fmt.Fprintf(&b, "dn: %s\nobjectClass: top\n", e[0])
		line := e[1] + ":: " + base64.StdEncoding.EncodeToString([]byte(e[2]))
		for len(line) > 76 { // RFC 2849: what goes on in the next line begins there with a blank
			b.WriteString(line[:76] + "\n")
			line = " " + line[76:]
		}
		b.WriteString(line + "\n\n")
	}
	return b.Bytes()
}

// Directory is the state's part of a public key directory.
func (s *State) Directory() ([]byte, error) {
	files, err := s.Trust()
	if err != nil {
		return nil, err
	}
	at := func(kind string) string {
		return "o=" + kind + ",c=" + s.Country + ",dc=data,dc=download,dc=pkd,dc=icao,dc=int"
	}
	var entries [][3]string
	for _, f := range files {
		switch {
		case strings.HasSuffix(f.Path, ".ml"):
			entries = append(entries, [3]string{"cn=master list," + at("ml"), "pkdMasterListContent", string(f.Data)})
		case strings.HasSuffix(f.Path, ".crl"):
			entries = append(entries, [3]string{"cn=" + f.Path + "," + at("crl"), "certificateRevocationList;binary", string(f.Data)})
		case strings.HasPrefix(f.Path, "dsc"):
			entries = append(entries, [3]string{"cn=" + f.Path + "," + at("dsc"), "userCertificate;binary", string(f.Data)})
		}
	}
	return LDIF(entries...), nil
}

// Files are all that a person needs to try a check: trust, keys, a passport's chip with its zone, and seals.
func (s *State) Files() ([]File, error) {
	trust, err := s.Trust()
	if err != nil {
		return nil, err
	}
	out := make([]File, 0, 32)
	for _, f := range trust {
		out = append(out, File{"trust/" + f.Path, f.Data})
	}
	directory, err := s.Directory()
	if err != nil {
		return nil, err
	}
	out = append(out, File{"pkd.ldif", directory})
	for name, k := range map[string]Signer{"csca-1": s.Authority, "csca-2": s.Next, "dsc-1": s.Document, "seal-signer": s.Seal, "vds-nc-signer": s.JSONSeal, "master-list-signer": s.List} {
		raw, err := x509.MarshalPKCS8PrivateKey(k.Key.(deterministic).PrivateKey)
		if err != nil {
			return nil, err
		}
		out = append(out, File{"keys/" + name + ".key", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw})})
	}
	chip, err := s.Passport()
	if err != nil {
		return nil, err
	}
	z, visa := s.Holder(), s.VisaZone()
	out = append(out, File{"passport/EF.COM", chip.COM}, File{"passport/EF.SOD", chip.SOD}, File{"passport.mrz.txt", []byte(strings.Join(z.Lines(), "\n") + "\n")}, File{"visa.mrz.txt", []byte(strings.Join(visa.Lines(), "\n") + "\n")})
	for n, data := range chip.Groups {
		out = append(out, File{fmt.Sprintf("passport/DG%d", n), data})
	}
	seal, err := s.VisaSeal()
	if err != nil {
		return nil, err
	}
	permit, err := s.PermitSeal()
	if err != nil {
		return nil, err
	}
	return append(out, File{"visa.vds", seal}, File{"permit.json", permit}), nil
}
