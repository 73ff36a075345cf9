package main

import (
	"bufio"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// askFlags are the options of a command that asks before it changes anything.
func askFlags(cmd *cobra.Command, yes, dryRun *bool) {
	cmd.Flags().BoolVar(yes, "yes", false, "do not ask")
	cmd.Flags().BoolVar(dryRun, "dry-run", false, "say what would follow, and change nothing")
}

// agreed asks a question on the terminal; --yes answers it.
func (a *app) agreed(question string, yes bool) (bool, error) {
	if yes {
		return true, nil
	}
	fmt.Fprintf(a.err, "%s\nGo on? [y/N] ", question)
	answer, err := bufio.NewReader(a.in).ReadString('\n')
	if err != nil && answer == "" {
		return false, badUse("answer y, or give --yes", "%s", "nothing was done: the question was not answered")
	}
	answer = strings.ToLower(strings.TrimSpace(answer))
	return answer == "y" || answer == "yes", nil
}
