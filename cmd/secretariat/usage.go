package main

import (
	"errors"
	"io/fs"
	"regexp"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// helpOf is the hint that a command's own help says more.
func helpOf(c *cobra.Command) string { return "see " + c.CommandPath() + " --help" }

// wantedWords are the words that a command's line of use asks for, in order: those in capitals and choices such as
// sent|dropped, up to what is optional or an option.
func wantedWords(use string) (wanted []string) {
	for _, word := range strings.Fields(use)[1:] {
		if !wantedWord.MatchString(word) {
			break
		}
		wanted = append(wanted, strings.TrimSuffix(word, "…"))
	}
	return wanted
}

var wantedWord = regexp.MustCompile(`^([A-Z]+(…|\.ics|=[A-Za-z|-]+)?|[a-z]+(\|[a-z]+)+)$`)

// wordsFault says in what the words after a command are wrong: what is missing, or what is one too many.
func wordsFault(c *cobra.Command, words []string, err error) error {
	wanted := wantedWords(c.Use)
	switch {
	case len(words) < len(wanted):
		return badUse(helpOf(c), "%s needs %s", c.CommandPath(), strings.Join(wanted[len(words):], " and "))
	case len(words) > len(wanted) && len(wanted) > 0:
		return badUse(helpOf(c), "%s: %q is one word too many", c.CommandPath(), words[len(wanted)])
	}
	return badUse(helpOf(c), "%w", err)
}

// require marks options without which a command does not run; requiredFault says so.
func require(cmd *cobra.Command, options ...string) {
	for _, name := range options {
		if err := cmd.MarkFlagRequired(name); err != nil {
			panic(err) // the command has no such option
		}
	}
}

// requiredFault names the options that a command cannot do without and that are not there; nil when all are.
func requiredFault(c *cobra.Command) error {
	var missing []string
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if required := f.Annotations[cobra.BashCompOneRequiredFlag]; len(required) > 0 && required[0] == "true" && !f.Changed {
			missing = append(missing, "--"+f.Name)
		}
	})
	if missing == nil {
		return nil
	}
	return badUse(helpOf(c), "%s needs %s", c.CommandPath(), strings.Join(missing, " and "))
}

// badValue is the error of the flag library about a value that it cannot read, with Go's own words in it.
var badValue = regexp.MustCompile(`^invalid argument (".*") for "(?:-\w, )?(--[\w-]+)" flag: strconv\.Parse(\w+): `)

// flagFault says in plain words what is wrong with an option.
func flagFault(c *cobra.Command, err error) error {
	m := badValue.FindStringSubmatch(err.Error())
	if m == nil {
		return badUse(helpOf(c), "%w", err)
	}
	want := map[string]string{"Int": "a whole number", "Uint": "a whole number", "Float": "a number", "Bool": "true or false"}[m[3]]
	if want == "" {
		return badUse(helpOf(c), "%w", err)
	}
	return badUse(helpOf(c), "%s: %s is not %s", m[2], m[1], want)
}

// elsewhere is the hint about a file or folder that cannot be written.
const elsewhere = "choose another place, in a folder that is there and that you may write to"

// reason is what the system says of a file, without the name of a file that nobody asked for.
func reason(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
