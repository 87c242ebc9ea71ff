package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/lds"
	"github.com/rihla/rihla/formats/mrz"
	"github.com/rihla/rihla/formats/vds"
	"github.com/rihla/rihla/internal/app"
	"github.com/rihla/rihla/internal/facilitation/trust"
	"github.com/rihla/rihla/internal/facilitation/trust/specimen"
)

func documentCommand() *cobra.Command {
	return group("document", "Travel documents: whether the state they name made them",
		documentCheckCommand(), group("trust", "Whose documents the node believes", trustLoadCommand(), trustListCommand()), documentKeysCommand())
}

func documentCheckCommand() *cobra.Command {
	var folder, dir, on string
	var asJSON bool
	c := &cobra.Command{
		Use:   "check [--trust DIR | --data DIR] FILE…",
		Short: "Check one document: its zone, its chip, its seal",
		Long: `The files are of one document, recognised by content: lines of a machine-readable zone, EF.SOD, EF.COM and data groups of a
chip, a visible digital seal (binary, or its text in base64 or hexadecimal) or the JSON of one. Certificates, revocation lists,
master lists and directories are what it is checked against: all files of the folder that --trust names, or the trust list of
the node whose folder --data names. With neither, signatures are checked and nobody is trusted.

Each question is answered by itself: hashes, signature, descent from a state's authority, revocation, validity. What could not
be answered is not answered no.

Exit 0: nothing speaks against it. Exit 1: something does, or could not be checked; the first line says which.`,
		Example: "  rihla document check --trust specimen/trust specimen/passport.mrz.txt specimen/passport/*\n  rihla document check --data node visa.vds",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if folder != "" && dir != "" {
				return usageError{errors.New("give --trust or --data, not both")}
			}
			at := time.Now()
			if on != "" {
				day, err := time.Parse(time.DateOnly, on)
				if err != nil {
					return usageError{fmt.Errorf("--on %s: write it YYYY-MM-DD", on)}
				}
				at = day.Add(12 * time.Hour)
			}
			e, err := evidence(args, at)
			if err != nil {
				return err
			}
			list, err := trusted(c.Context(), c.ErrOrStderr(), folder, dir, at)
			if err != nil {
				return err
			}
			v := trust.Verify(list, e, at)
			if asJSON {
				err = json.NewEncoder(c.OutOrStdout()).Encode(&v)
			} else {
				err = printVerification(c.OutOrStdout(), &v)
			}
			if err == nil && v.Verdict != trust.Authentic && v.Verdict != trust.Consistent {
				return errSaid
			}
			return err
		},
	}
	c.Flags().StringVar(&folder, "trust", "", "a folder of certificates, revocation lists, master lists and directories")
	c.Flags().StringVar(&dir, "data", "", "a node's folder, whose trust list is asked")
	c.Flags().StringVar(&on, "on", "", "the day that it is checked on (default today)")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// evidence sorts the files of a document by what they are.
func evidence(paths []string, at time.Time) (e trust.Evidence, err error) {
	chip := &trust.Chip{Groups: map[int][]byte{}}
	for _, path := range paths {
		raw, err := readFile(path)
		if err != nil {
			return e, inputError{err}
		}
		kind, seal := vds.Recognise(raw)
		switch _, noZone := mrz.Read(string(raw), date.Of(at)); {
		case kind != vds.None:
			e.Seal = seal
		case noZone == nil:
			e.MRZ = string(raw)
		case lds.Kind(raw) == "SOD":
			chip.SOD = raw
		case lds.Kind(raw) == "COM":
			chip.COM = raw
		case lds.Kind(raw) != "":
			var n int
			_, _ = fmt.Sscanf(lds.Kind(raw), "DG%d", &n) // as Kind writes it
			chip.Groups[n] = raw
		default:
			return e, inputError{fmt.Errorf("%s: it is neither a machine-readable zone, a file of a chip nor a seal", path)}
		}
	}
	if chip.SOD != nil || len(chip.Groups) > 0 {
		e.Chip = chip
	}
	return e, nil
}

// trusted is what the document is checked against.
func trusted(ctx context.Context, errs io.Writer, folder, dir string, at time.Time) (list *trust.List, err error) {
	switch {
	case folder != "":
		files := map[string][]byte{}
		err := filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			files[path], err = readFile(path)
			return err
		})
		if err != nil {
			return nil, inputError{err}
		}
		list, out := trust.Load(files, at)
		printRefused(errs, out.Refused)
		return list, nil
	case dir != "":
		err = beside(ctx, dir, func(r *app.Rooms) error {
			s, err := r.Trust(ctx)
			if err == nil {
				list = s.List()
			}
			return err
		})
		return list, err
	}
	return nil, nil
}

func printRefused(to io.Writer, refused []trust.Refused) {
	for _, r := range refused {
		fmt.Fprintf(to, "not taken: %s: %s: %s\n", r.What, r.Code, r.Message)
	}
}

func trustLoadCommand() *cobra.Command {
	var dir string
	var replace, force bool
	c := &cobra.Command{
		Use:   "load --data DIR FILE…",
		Short: "Load certificates, revocation lists, master lists or directories into a node's trust list",
		Long: `Files are DER, PEM or LDIF. A country signing authority that comes by itself is trusted because you hand it over: compare its
fingerprint with what the state told you by another way. Anything else must descend from an authority on the list, and the
signer of a master list too; the order of the files does not matter. A file that nothing can be taken of changes nothing.

With --replace a file is a new edition of the one of that name, and what it leaves out goes; where that is more than a tenth of
its authorities, only with --force.`,
		Example: "  rihla document trust load --data node csca.cer master-list.ml pkd.ldif",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return beside(c.Context(), dir, func(r *app.Rooms) error {
				s, err := r.Trust(c.Context())
				if err != nil {
					return err
				}
				return loadTrust(c, s, args, trust.Loading{Replace: replace, Force: force, By: operator(), Role: "administrator"})
			})
		},
	}
	c.Flags().StringVar(&dir, "data", "", "the node's folder")
	c.Flags().BoolVar(&replace, "replace", false, "each file is a new edition: what it leaves out goes")
	c.Flags().BoolVar(&force, "force", false, "however much goes")
	required(c, "data")
	return c
}

// loadTrust loads files until none of those left can be taken: one may need the authority that another holds.
func loadTrust(c *cobra.Command, s *trust.Store, paths []string, how trust.Loading) error {
	var last error
	for len(paths) > 0 {
		var left []string
		for _, path := range paths {
			raw, err := readFile(path)
			if err != nil {
				return inputError{err}
			}
			how.Source, how.Bytes = filepath.Base(path), raw
			out, err := s.Load(c.Context(), how)
			switch {
			case errors.As(err, new(*trust.NothingError)):
				left, last = append(left, path), inputError{fmt.Errorf("%s: %w", path, err)}
				continue
			case errors.As(err, new(*trust.ShrinkError)):
				return inputError{fmt.Errorf("%s: %w", path, err)}
			case err != nil:
				return err
			}
			fmt.Fprintf(c.OutOrStdout(), "%s: %d added, %d replaced, %d removed, %d known, %d not taken; the list is version %d\n",
				path, out.Added, out.Replaced, out.Removed, out.Known, len(out.Refused), out.Version)
			printRefused(c.ErrOrStderr(), out.Refused)
		}
		if len(left) == len(paths) {
			return last
		}
		paths = left
	}
	return nil
}

func trustListCommand() *cobra.Command {
	var dir string
	c := &cobra.Command{
		Use:     "list --data DIR",
		Short:   "Show whom a node trusts",
		Example: "  rihla document trust list --data node",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return beside(c.Context(), dir, func(r *app.Rooms) error {
				s, err := r.Trust(c.Context())
				if err != nil {
					return err
				}
				l, w := s.List(), c.OutOrStdout()
				for _, h := range l.Certificates() {
					fmt.Fprintf(w, "%-18s %s  until %s  %s  %s\n", h.Kind, h.ID[:16], h.Until.Format(time.DateOnly), h.Key.String(), h.Subject.String())
				}
				for _, rl := range l.Revocations() {
					stale := ""
					if trust.Stale(rl, time.Now()) {
						stale = "  STALE"
					}
					fmt.Fprintf(w, "%-18s number %s of %s, %d revoked  %s%s\n", "revocation list", rl.NumberHex(), rl.At.Format(time.DateOnly), rl.Len(), rl.Issuer.String(), stale)
				}
				_, err = fmt.Fprintf(w, "version %d\n", l.Version)
				return err
			})
		},
	}
	c.Flags().StringVar(&dir, "data", "", "the node's folder")
	required(c, "data")
	return c
}

func documentKeysCommand() *cobra.Command {
	var out, seed, on string
	c := &cobra.Command{
		Use:   "make-test-keys --out DIR",
		Short: "Make an invented state's keys, a passport's chip and seals, to try checks with",
		Long: `Makes Utopia (UTO, Doc 9303's own invention): a country signing authority before and after a change of keys, signers of
chips, seals and master lists, their certificates, revocation lists and private keys; a whole passport chip with its zone, a visa
with its seal, and a permit to travel. The same seed and day make the same bytes. The keys are no secret: never load trust/
into a node that serves travellers.`,
		Example: "  rihla document make-test-keys --out specimen\n  rihla document check --trust specimen/trust specimen/passport/*",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			day := time.Now().UTC().Truncate(24 * time.Hour)
			if on != "" {
				var err error
				if day, err = time.Parse(time.DateOnly, on); err != nil {
					return usageError{fmt.Errorf("--on %s: write it YYYY-MM-DD", on)}
				}
			}
			s, err := specimen.New(seed, "UTO", "UT", day)
			if err != nil {
				return err
			}
			files, err := s.Files()
			if err != nil {
				return err
			}
			for _, f := range files {
				path := filepath.Join(out, filepath.FromSlash(f.Path))
				if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
					return err
				}
				if err := os.WriteFile(path, f.Data, 0o600); err != nil {
					return err
				}
			}
			return nil
		},
	}
	c.Flags().StringVar(&out, "out", "", "the folder they go to")
	c.Flags().StringVar(&seed, "seed", "specimen", "what the keys are made of")
	c.Flags().StringVar(&on, "on", "", "the day that they are of (default today)")
	required(c, "out")
	return c
}

// printVerification prints what was found, for a person.
func printVerification(w io.Writer, v *trust.Verification) error {
	fmt.Fprintf(w, "%s: %s\n", v.Verdict, verdictWords[v.Verdict])
	if d := v.Document; d != nil {
		fmt.Fprintf(w, "  document   %s %s of %s: %s, %s, born %s, %s, until %s (from the %s)\n", d.Type, d.Number, d.Issuer, d.Surname, d.Given, d.Born, d.Sex, d.Expires, d.From)
	}
	if z := v.MRZ; z != nil {
		right := 0
		for _, c := range z.Checks {
			if c.OK {
				right++
			}
		}
		fmt.Fprintf(w, "  zone       %s, %d of %d check digits fit\n", z.Kind, right, len(z.Checks))
	}
	if c := v.Chip; c != nil {
		var groups []string
		for _, g := range c.Groups {
			groups = append(groups, fmt.Sprintf("DG%d %s", g.Number, strings.ReplaceAll(string(g.State), "_", " ")))
		}
		fmt.Fprintf(w, "  chip       hashes %s (%s)\n", answer(c.HashOK, "fit", "DO NOT FIT"), strings.Join(groups, ", "))
		printAnswers(w, &c.Answers)
	}
	if s := v.Seal; s != nil {
		fmt.Fprintf(w, "  seal       %s of %s: %s\n", s.Kind, s.Issuer, s.Type)
		printAnswers(w, &s.Answers)
		for _, f := range s.Fields {
			fmt.Fprintf(w, "             %s: %s\n", f.Name, strings.ReplaceAll(f.Value, "\n", " "))
		}
	}
	for i := range v.Remarks {
		fmt.Fprintf(w, "  %s\n", remarkWords(&v.Remarks[i]))
	}
	_, err := fmt.Fprintf(w, "  against    version %d of the trust list\n", v.List)
	return err
}

func printAnswers(w io.Writer, a *trust.Answers) {
	fmt.Fprintf(w, "             signature %s, chain %s, signer %s, %s\n", answer(a.SignatureOK, "right", "WRONG"), answer(a.ChainOK, "right", "WRONG"),
		answer(a.Revoked, "REVOKED", "not revoked"), answer(a.Expired, "EXPIRED", "valid"))
	if a.Signer != "" {
		fmt.Fprintf(w, "             by %s, number %s", a.Signer, a.Serial)
		if a.Authority != "" {
			fmt.Fprintf(w, ", made by %s", a.Authority)
		}
		fmt.Fprintf(w, "; %s\n", a.Algorithm)
	}
}

// answer says yes, no, or that nothing can be said.
func answer(b *bool, yes, no string) string {
	switch {
	case b == nil:
		return "could not be checked"
	case *b:
		return yes
	}
	return no
}

// remarkWords says a remark for a person at a terminal.
func remarkWords(r *trust.Remark) string {
	words := codeWords[r.Code]
	if words == "" {
		words = r.Code
	}
	var more []string
	for k := range r.Values {
		more = append(more, k+" "+r.Values[k])
	}
	slices.Sort(more)
	s := fmt.Sprintf("%-10s %s: %s", r.Severity, r.About, words)
	if len(more) > 0 {
		s += " (" + strings.Join(more, ", ") + ")"
	}
	return s
}

var verdictWords = map[trust.Verdict]string{
	trust.Unreadable:   "nothing of it could be read",
	trust.NotAuthentic: "it is not as the state it names made it",
	trust.CannotCheck:  "it could not be checked to the end; that is not to say that it is false",
	trust.IsExpired:    "its time is over",
	trust.ReadAgain:    "it was not read as it is; read it again",
	trust.Authentic:    "the state it names made it",
	trust.Consistent:   "nothing speaks against it; a zone alone proves nothing",
}

var codeWords = map[string]string{
	trust.CodeUnreadable:       "it cannot be read",
	trust.CodeGroupDiffers:     "a data group is not the one that was signed",
	trust.CodeGroupNotSigned:   "a data group that nobody signed",
	trust.CodeGroupNotRead:     "a data group was not read",
	trust.CodeHashUnsupported:  "a hash that is not known here",
	trust.CodeNoSigner:         "nobody signed it",
	trust.CodeSignerMissing:    "its signer's certificate is neither with it nor on the trust list",
	trust.CodeSignerUnknown:    "no signer of that name and number is on the trust list",
	trust.CodeWeakAlgorithm:    "signed by an algorithm that is weak today",
	trust.CodeAuthorityUnknown: "the authority that made its signer is not on the trust list",
	trust.CodeIssuerWrong:      "the authority that its signer names did not make it",
	trust.CodeIssuerCannot:     "its signer's certificate is signed by an algorithm that is not known here",
	trust.CodeAuthorityTime:    "the authority was not valid when it made the signer",
	trust.CodeSignerUsage:      "its signer may not sign documents",
	trust.CodeSignerCritical:   "its signer's certificate has a critical extension that is not known here",
	trust.CodeSignedOutside:    "it was signed when its signer was not valid",
	trust.CodeStateDiffers:     "its signer is another state's",
	trust.CodeTypeDiffers:      "its signer is for other sorts of documents",
	trust.CodeRevoked:          "its signer was revoked",
	trust.CodeListMissing:      "the authority's revocation list is not on the trust list",
	trust.CodeListStale:        "the authority's revocation list is old",
	trust.CodeSignerExpired:    "its signer is valid no more",
	trust.CodeDocumentExpired:  "the document is valid no more",
	trust.CodeZoneDiffers:      "it is not the same as the rest of the document",
	trust.CodeCheckDigits:      "check digits do not fit",
	trust.CodeCorrected:        "characters were put right",
	trust.CodeWaived:           "a known defect is passed over",
	"signature_wrong":          "the signature is not of these bytes and this signer",
	"signature_malformed":      "the signature is none",
	"digest_differs":           "what was signed is not the content",
	"algorithm_unsupported":    "an algorithm that is not known here",
	"parameters_unsupported":   "parameters of an algorithm that are not known here",
	"curve_unsupported":        "a curve that is not known here",
	"key_unsupported":          "a key that cannot be used here",
}
