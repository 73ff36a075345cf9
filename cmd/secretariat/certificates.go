package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"secretariat/acts"
)

// sessionsCertificate prints what happened around a session.
func (a *app) sessionsCertificate() *cobra.Command {
	var language, output string
	names := strings.Join(acts.CertificateNames(), "|")
	cmd := &cobra.Command{Use: "certificate REF " + names, Short: "Print that notice was given in time, who was invited and came, or that there was no quorum", Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if language != "" {
				if err := oneLanguage(language); err != nil {
					return err
				}
			}
			return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
				b, made, err := h.acts.PrintCertificate(ctx, args[0], args[1], language)
				if err != nil {
					return a.unknownSession(cmd, h, args[0], err)
				}
				return a.putPDF(b, made, output)
			})
		}}
	cmd.Flags().StringVar(&language, "lang", "", "language: en, fr, es, ru, uz, ar, zh (default: the council's first)")
	cmd.Flags().StringVarP(&output, "output", "o", "", `file, or "-" for standard output; <report>-<day>-<language>.pdf by default`)
	return cmd
}
