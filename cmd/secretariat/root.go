package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"secretariat/programme"
)

// app is one run of the program: its streams, its environment and, once read, its options.
type app struct {
	streams
	getenv  func(string) string
	options options
	log     *slog.Logger
	json    bool // --json: one JSON document on standard output
}

// rootCommand is the whole command line. Without a subcommand it makes the report that --report names.
func (a *app) rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:           "secretariat",
		Short:         "Reports on a cooperation programme and convenes its council",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			return a.prepare(cmd)
		},
	}
	root.SetIn(a.in)
	root.SetOut(a.out)
	root.SetErr(a.err)
	addOptions(root)
	root.PersistentFlags().BoolVar(&a.json, "json", false, "one JSON document on standard output")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return flagFault(cmd, err)
	})
	a.addReport(root)
	root.AddCommand(a.commands()...)
	root.InitDefaultCompletionCmd()
	refuseUnknown(root)
	return root
}

// prepare reads the options and makes the log, before any command runs.
func (a *app) prepare(cmd *cobra.Command) (err error) {
	if err := requiredFault(cmd); err != nil {
		return err
	}
	if a.options, err = readOptions(cmd, a.getenv); err != nil {
		return err
	}
	var level slog.Level
	if err := level.UnmarshalText([]byte(a.options.text("log-level"))); err != nil {
		return err
	}
	handler := slog.Handler(slog.NewTextHandler(a.err, &slog.HandlerOptions{Level: level}))
	if a.options.text("log-format") == "json" {
		handler = slog.NewJSONHandler(a.err, &slog.HandlerOptions{Level: level})
	}
	a.log = slog.New(handler)
	return nil
}

// refuseUnknown makes every command that only groups others refuse a word that it does not know, with exit code 2.
func refuseUnknown(cmd *cobra.Command) {
	for _, sub := range cmd.Commands() {
		refuseUnknown(sub)
	}
	if args := cmd.Args; args != nil && cmd.HasParent() {
		cmd.Args = func(c *cobra.Command, words []string) error {
			if err := args(c, words); err != nil {
				return wordsFault(c, words, err)
			}
			return nil
		}
	}
	if cmd.Runnable() || !cmd.HasSubCommands() {
		return
	}
	cmd.Args = cobra.ArbitraryArgs
	cmd.RunE = func(c *cobra.Command, words []string) error {
		var names []string
		for _, sub := range c.Commands() {
			names = append(names, sub.Name())
		}
		if len(words) == 0 {
			return badUse("one of "+strings.Join(names, ", "), "%s needs a command", c.CommandPath())
		}
		return badUse(helpOf(c), "unknown command %q%s", words[0], programme.DidYouMean(words[0], names))
	}
}

// emit prints the JSON document with --json, else calls text.
func (a *app) emit(document any, text func() error) error {
	if !a.json {
		return text()
	}
	enc := json.NewEncoder(a.out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(document)
}

// say prints a line on standard output.
func (a *app) say(format string, args ...any) { fmt.Fprintf(a.out, format+"\n", args...) }

// progress prints a line of progress on standard error when that is a terminal.
func (a *app) progress(format string, args ...any) {
	if f, ok := a.err.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			fmt.Fprintf(f, format+"\n", args...)
		}
	}
}
