package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// written is a command line as a guide writes it: the commands that its first words name, and the rest of the line.
type written struct {
	commands []*cobra.Command
	rest     string
}

// readLine finds the commands that a line names, below a command. A word may stand for several: announce|confirm.
func readLine(from *cobra.Command, line string) written {
	w := written{[]*cobra.Command{from}, strings.TrimSpace(line)}
	for {
		word, rest, _ := strings.Cut(w.rest, " ")
		next := written{nil, strings.TrimSpace(rest)}
		for _, c := range w.commands {
			for _, name := range strings.Split(word, "|") {
				i := slices.IndexFunc(c.Commands(), func(sub *cobra.Command) bool { return name != "" && (sub.Name() == name || sub.HasAlias(name)) })
				if i < 0 {
					return w
				}
				next.commands = append(next.commands, c.Commands()[i])
			}
		}
		w = next
	}
}

// unknown lists the options of a line that none of its commands has.
func (w written) unknown() (options []string) {
	for _, m := range regexp.MustCompile(`(?:^|[\s\[(])--([a-z][a-z-]*)`).FindAllStringSubmatch(w.rest, -1) {
		if !slices.ContainsFunc(w.commands, func(c *cobra.Command) bool { return c.Flag(m[1]) != nil }) {
			options = append(options, m[1])
		}
	}
	return options
}

// commandTable reads the first table of docs/commands.md. A row has a command, or several between bars, of which the first
// is written in full and the others from their group on.
func commandTable(root *cobra.Command, guide string) (lines []written) {
	text, _, _ := strings.Cut(guide, "\n## ")
	for _, row := range regexp.MustCompile("(?m)^\\| (`.+?) \\| ").FindAllStringSubmatch(text, -1) {
		for _, code := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(row[1], -1) {
			code := strings.TrimPrefix(strings.ReplaceAll(code[1], `\|`, "|"), "secretariat ")
			parts := strings.Split(strings.ReplaceAll(code, " | --", " --"), " | ") // a bar before an option stands between options
			first := readLine(root, parts[0])
			lines = append(lines, first)
			for _, part := range parts[1:] {
				w := readLine(root, part)
				for above := first.commands[0]; above != nil; above = above.Parent() {
					if below := readLine(above, part); below.commands[0] != above {
						w = below
						break
					}
				}
				lines = append(lines, w)
			}
		}
	}
	return lines
}

// The guides name no command and no option that there is not, and docs/commands.md names every command.
func TestGuidesNameWhatThereIs(t *testing.T) {
	root := (&app{}).rootCommand()
	named := map[*cobra.Command]bool{}
	files, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range append(files, "../../README.md") {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var lines []written
		if filepath.Base(path) == "commands.md" {
			lines = commandTable(root, string(b))
			for _, w := range lines {
				for _, c := range w.commands {
					named[c] = true
				}
			}
		}
		for _, m := range regexp.MustCompile("(?m)(?:^ *|`)secretariat ([a-z-][^`#\n|]*)").FindAllStringSubmatch(string(b), -1) {
			lines = append(lines, readLine(root, m[1]))
		}
		for _, w := range lines {
			if w.commands[0] == root && !strings.HasPrefix(w.rest, "--") {
				t.Errorf("%s: no command is called %q", path, w.rest)
			}
			if options := w.unknown(); len(options) > 0 {
				t.Errorf("%s: %s %s: no option %v", path, w.commands[0].CommandPath(), w.rest, options)
			}
		}
	}
	for _, c := range everyCommand(root) {
		ofCobra := c.Name() == "help" || c.Parent().Name() == "completion" // its own, the same everywhere
		if c.Runnable() && !named[c] && !ofCobra && !c.HasSubCommands() {
			t.Errorf("docs/commands.md does not name %q", c.CommandPath())
		}
	}
}
