package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"
)

func (a *app) migrateCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "migrate", Short: "Bring the database's tables up to date, or show how they stand"}
	cmd.AddCommand(
		&cobra.Command{Use: "up", Short: "Apply what is missing; forward only", Args: cobra.NoArgs,
			RunE: func(cmd *cobra.Command, _ []string) error { return a.migrateUp(cmd.Context()) }},
		&cobra.Command{Use: "status", Short: "List the migrations and the reporting login", Args: cobra.NoArgs,
			RunE: func(cmd *cobra.Command, _ []string) error { return a.migrateStatus(cmd.Context()) }},
	)
	return cmd
}

func (a *app) migrateUp(ctx context.Context) error {
	d, err := a.openDatabase(ctx)
	if err != nil {
		return err
	}
	defer d.close()
	applied, err := d.migrate(ctx)
	if err != nil {
		return err
	}
	login, err := d.ReportingLogin(ctx)
	if err != nil {
		return err
	}
	if applied == nil {
		applied = []string{}
	}
	return a.emit(map[string]any{"applied": applied, "reporting_login": login.Ready}, func() error {
		for _, name := range applied {
			a.say("applied %s", name)
		}
		if len(applied) == 0 {
			a.say("nothing to do: %s is up to date", d.Address())
		}
		if !login.Ready {
			a.say("The program may not make the reporting login. An administrator runs, in this database:\n\n%s\n\nand REPORT_DATABASE_URL names it; until then your own reports are held.", login.Statements)
		}
		return nil
	})
}

// shownMigration is a migration as JSON; applied_at is null for one that is missing.
type shownMigration struct {
	Version   int64      `json:"version"`
	Name      string     `json:"name"`
	AppliedAt *time.Time `json:"applied_at"`
}

func (a *app) migrateStatus(ctx context.Context) error {
	d, err := a.openDatabase(ctx)
	if err != nil {
		return err
	}
	defer d.close()
	files, err := d.MigrationStatus(ctx)
	if err != nil {
		return err
	}
	shown := make([]shownMigration, len(files))
	for i, f := range files {
		shown[i] = shownMigration{Version: f.Version, Name: f.Name}
		if f.Applied() {
			shown[i].AppliedAt = &f.AppliedAt
		}
	}
	return a.emit(map[string]any{"database": d.Address(), "migrations": shown}, func() error {
		w := a.table("VERSION", "FILE", "APPLIED")
		for _, m := range shown {
			at := "missing"
			if m.AppliedAt != nil {
				at = m.AppliedAt.Format(time.RFC3339)
			}
			w.row(m.Version, m.Name, at)
		}
		return w.Flush()
	})
}
