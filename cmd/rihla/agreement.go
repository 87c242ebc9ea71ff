package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/rihla/rihla/internal/sharing/agreement"
)

func agreementCommand() *cobra.Command {
	return group("agreement", "Agreements between two states on what may be shared", agreementCheckCommand(), agreementListCommand(), agreementProposeCommand(),
		agreementSignCommand(), agreementSuspendCommand(), agreementResumeCommand())
}

// checkedAgreement is what a check says of one file, as data.
type checkedAgreement struct {
	File     string                     `json:"file"`
	Valid    bool                       `json:"valid"`
	Digest   string                     `json:"digest,omitempty"`
	Problems agreement.Problems         `json:"problems,omitempty"`
	Words    map[string]agreement.Words `json:"words,omitempty"`
	Document *agreement.Document        `json:"document,omitempty"`
}

func agreementCheckCommand() *cobra.Command {
	var asJSON bool
	var language string
	c := &cobra.Command{
		Use:   "check FILE…",
		Short: "Validate an agreement and say in plain words what it permits",
		Long: `Reads each file as one version of one agreement. What is wrong is told with its line, the share, a stable code and how
to mend it, and the exit status is 1; a document with one error permits nothing. What is right is told in plain words: what
may flow, to whom, for what, on what conditions, what never does, what both sides owe, and how it is stopped.`,
		Example: "  rihla agreement check bh-us-travel.yaml\n  rihla agreement check --language ar bh-us-travel.yaml\n  rihla agreement check --json *.yaml",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, names []string) error {
			if language != "en" && language != "ar" {
				return usageError{fmt.Errorf("--language is en or ar, not %q", language)}
			}
			refused := false
			for i, name := range names {
				text, err := readFile(name)
				if err != nil {
					return err
				}
				one := checkAgreement(filepath.ToSlash(name), text)
				refused = refused || !one.Valid
				if asJSON {
					if err := json.NewEncoder(c.OutOrStdout()).Encode(one); err != nil {
						return err
					}
					continue
				}
				for _, p := range one.Problems {
					fmt.Fprintf(c.ErrOrStderr(), "%s:%s\n", one.File, p)
				}
				if one.Valid {
					if i > 0 {
						fmt.Fprintln(c.OutOrStdout())
					}
					fmt.Fprint(c.OutOrStdout(), one.Words[language].Text())
					fmt.Fprintln(c.OutOrStdout(), "\n"+one.Digest)
				}
			}
			if refused {
				return errSaid
			}
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "one JSON object a file, with the words in both languages")
	c.Flags().StringVar(&language, "language", "en", "the language of the plain words: en or ar")
	return c
}

func checkAgreement(name string, text []byte) checkedAgreement {
	a, problems := agreement.Read(text)
	one := checkedAgreement{File: name, Valid: a != nil, Problems: problems}
	if a != nil {
		one.Digest, one.Document = a.Digest, &a.Document
		one.Words = map[string]agreement.Words{"en": a.Say("en"), "ar": a.Say("ar")}
	}
	return one
}
