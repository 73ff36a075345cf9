package main

import (
	"os"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// A command line that lacks a word, has one too many, or holds a value of the wrong sort is told so in words of its own: what
// is missing, which value is wrong, what would be right.
func TestUsageFaults(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ line, want, hint string }{
		{"sessions show", "secretariat sessions show needs REF", "see secretariat sessions show --help"},
		{"reports diff 1", "secretariat reports diff needs RUN", ""},
		{"reports diff", "secretariat reports diff needs RUN and RUN", ""},
		{"seats show REC", "secretariat seats show needs SEAT", ""},
		{"sessions show a b", `secretariat sessions show: "b" is one word too many`, ""},
		{"polls answer POLL-1", "secretariat polls answer needs N=ANSWER", ""},
		{"apply", "secretariat apply needs FILE", ""},
		{"forecast", "secretariat forecast needs --from and --to", ""},
		{"polls close POLL-1 --choose x", `--choose: "x" is not a whole number`, ""},
		{"schedules next -n x", `--count: "x" is not a whole number`, ""},
		{"slots --council REC --from 2027-01-11 --to 2027-01-12 --lasts PT3H --floor much", `--floor: "much" is not a number`, ""},
		{"slots --council REC --from 2027-01-11 --to 2027-01-12 --lasts PT3H --floor 7", "--floor: 7 is no probability", "e.g. 0.9"},
		{"slots --council REC --from 2027-01-11 --to 2027-01-12 --lasts PT3H --top -1", "--top: -1 slots cannot be shown", "from 1"},
		{"outbox list -n -3", "--limit: -3 letters cannot be listed", "0 for all"},
		{"replies list", "replies list needs --session REF", "sessions list"},
		{"papers pack --session X-REC-6 --lang de", `--lang: no pack is made in "de"`, "one of en, "},
		{"doctor --mail-to nobody", `--mail-to: "nobody" is not a mail address`, "an address such as"},
		{"reports check /nowhere/at/all.md", "read report file /nowhere/at/all.md: no such file", ""},
		{"db restore /nowhere/at/all.dump", "read dump /nowhere/at/all.dump: no such file", "secretariat db dump"},
		{"db restore " + samplePath, "programme.yaml is no dump of a database", "secretariat db dump"},
		{"replies read /nowhere/at/all", "read answers: /nowhere/at/all is not a folder", "Maildir"},
		{"config init -o /nowhere/at/all.yaml", "write the configuration to /nowhere/at/all.yaml: no such file", "a folder that is there"},
		{"man /dev/null/x", "make folder /dev/null/x: not a directory", "a folder that is there"},
	} {
		env := map[string]string{"HOME": t.TempDir()}
		if strings.HasPrefix(row.line, "reports check") {
			env = councilBook(t)
		}
		out, errs, code := command(t, env, strings.Fields(row.line)...)
		if code != exitUse || out != "" || !strings.HasPrefix(errs, "error: ") || !strings.Contains(errs, row.want) || !strings.Contains(errs, row.hint) {
			t.Errorf("%s: exit %d, %q%q; want %q, hint %q", row.line, code, out, errs, row.want, row.hint)
		}
		if strings.Contains(errs, "strconv") || strings.Contains(errs, "arg(s)") || strings.Contains(errs, "pq:") {
			t.Errorf("%s: in the words of a library: %s", row.line, errs)
		}
	}
	if _, err := os.Stat("/nowhere"); err == nil {
		t.Error("a folder that was only named was made")
	}
}

// What the line of use of every command asks for is what the command takes: no word is missing from it.
func TestLinesOfUseNameTheirWords(t *testing.T) {
	a := &app{}
	for _, c := range everyCommand(a.rootCommand()) {
		if !c.Runnable() || c.HasSubCommands() || c.Args == nil {
			continue
		}
		wanted := wantedWords(c.Use)
		if len(wanted) > 0 && c.Args(c, wanted) != nil {
			t.Errorf("%s: with the words of its line of use (%v): %v", c.CommandPath(), wanted, c.Args(c, wanted))
		}
		if len(wanted) > 0 && c.Args(c, wanted[1:]) == nil {
			t.Errorf("%s takes fewer words than its line of use asks for: %q", c.CommandPath(), c.Use)
		}
		if len(wanted) == 0 && c.Args(c, nil) != nil {
			t.Errorf("%s asks for words that its line of use does not name: %q", c.CommandPath(), c.Use)
		}
	}
}

func everyCommand(c *cobra.Command) (all []*cobra.Command) {
	for _, sub := range c.Commands() {
		all = append(append(all, sub), everyCommand(sub)...)
	}
	return all
}
