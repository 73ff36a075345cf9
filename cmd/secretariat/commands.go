package main

import "github.com/spf13/cobra"

// commands are the commands of the program in the order of its help.
func (a *app) commands() []*cobra.Command {
	return []*cobra.Command{
		a.serveCommand(), a.demoCommand(), a.applyCommand(), a.exportCommand(), a.reportsCommand(), a.schedulesCommand(),
		a.sessionsCommand(), a.slotsCommand(), a.pollsCommand(), a.seatsCommand(), a.repliesCommand(), a.papersCommand(), a.actionsCommand(), a.feedsCommand(), a.outboxCommand(), a.forecastCommand(), a.auditCommand(), a.doctorCommand(), a.migrateCommand(),
		a.dbCommand(), a.configCommand(), a.versionCommand(), a.manCommand(),
	}
}
