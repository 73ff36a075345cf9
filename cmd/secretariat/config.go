package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
)

// shownSetting is an option as `config` shows it; a secret's value is not.
type shownSetting struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Source string `json:"source"`
}

func (a *app) configCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Show every option, its value and where it came from",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			shown := a.shownSettings()
			return a.emit(map[string]any{"options": shown}, func() error {
				w := a.table("OPTION", "VALUE", "SOURCE")
				for _, s := range shown {
					w.row(s.Name, s.Value, s.Source)
				}
				return w.Flush()
			})
		},
	}
	var output string
	init := &cobra.Command{
		Use:   "init",
		Short: "Write a commented configuration file",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			f, err := os.OpenFile(output, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o640)
			if err != nil {
				return badUse("choose another file with -o: "+elsewhere, "write the configuration to %s: %w", output, reason(err))
			}
			defer f.Close()
			writeConfig(f)
			a.say("wrote %s", output)
			return f.Close()
		},
	}
	init.Flags().StringVarP(&output, "output", "o", "secretariat.yaml", "file to write; it must not exist")
	cmd.AddCommand(init)
	return cmd
}

// shownSettings lists the settings in the order of the table, secrets hidden.
func (a *app) shownSettings() []shownSetting {
	var shown []shownSetting
	for _, opt := range optionTable {
		s := a.options[opt.name]
		if opt.secret && s.value != "" {
			s.value = "[hidden]"
		}
		shown = append(shown, shownSetting{opt.name, s.value, s.source})
	}
	return shown
}

// writeConfig writes a configuration file in which every option stands as a comment.
func writeConfig(w io.Writer) {
	fmt.Fprintln(w, "# Options of secretariat. A flag goes before the environment, the environment before this file.")
	for _, opt := range optionTable {
		if opt.name == "config" {
			continue
		}
		fmt.Fprintf(w, "\n# %s\n", opt.help)
		if opt.secret {
			fmt.Fprintf(w, "# A secret: better in the environment as %s, or in a file that %s_FILE names.\n", opt.env, opt.env)
		}
		fmt.Fprintf(w, "# %s: %q\n", opt.name, opt.def)
	}
}
