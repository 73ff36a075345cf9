package main

import "github.com/spf13/cobra"

// commands are the commands of the program in the order of its help.
func (a *app) commands() []*cobra.Command {
	return []*cobra.Command{a.configCommand(), a.versionCommand(), a.manCommand()}
}
