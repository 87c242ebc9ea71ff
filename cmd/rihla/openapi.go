package main

import (
	"os"

	"github.com/spf13/cobra"

	"github.com/rihla/rihla/internal/app"
	"github.com/rihla/rihla/internal/config"
)

func openapiCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "openapi",
		Short:   "Print the description of the HTTP API (OpenAPI 3.1)",
		Example: "  rihla openapi > openapi.json",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) (err error) {
			dir, err := os.MkdirTemp("", "rihla-openapi-")
			if err != nil {
				return err
			}
			defer os.RemoveAll(dir)
			n, err := app.Open(c.Context(), app.Config{Dir: dir, Node: config.Node{Listen: "127.0.0.1:0"}})
			if err != nil {
				return err
			}
			text, err := n.OpenAPI()
			if err == nil {
				_, err = c.OutOrStdout().Write(append(text, '\n'))
			}
			if closed := n.Close(); err == nil {
				err = closed
			}
			return err
		},
	}
}
