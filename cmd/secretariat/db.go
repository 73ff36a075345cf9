package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"secretariat/store"
)

func (a *app) dbCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "db", Short: "The private database: where it is, a prompt, a dump, a restore"}
	cmd.AddCommand(
		&cobra.Command{Use: "path", Short: "Print the data folder and the address of the private database", Args: cobra.NoArgs,
			RunE: func(cmd *cobra.Command, _ []string) error { return a.dbPath(cmd.Context()) }},
		&cobra.Command{Use: "psql [-- ARGUMENT…]", Short: "Open psql on the private database", Args: cobra.ArbitraryArgs,
			RunE: func(cmd *cobra.Command, args []string) error {
				return a.withPrivate(cmd.Context(), func(ctx context.Context, d *database) error {
					return a.postgresProgram(ctx, d, a.err, "psql", append([]string{d.cluster.URL()}, args...)...)
				})
			}},
		&cobra.Command{Use: "dump FILE", Short: "Write the whole database to a file (pg_dump, custom format)", Args: cobra.ExactArgs(1),
			RunE: func(cmd *cobra.Command, args []string) error { return a.dbDump(cmd.Context(), args[0]) }},
		&cobra.Command{Use: "restore FILE", Short: "Put a dump in the place of the private database; the present one is kept", Args: cobra.ExactArgs(1),
			RunE: func(cmd *cobra.Command, args []string) error { return a.dbRestore(cmd.Context(), args[0]) }},
	)
	return cmd
}

// withPrivate runs fn with the private database; an external one has tools of its own.
func (a *app) withPrivate(ctx context.Context, fn func(ctx context.Context, d *database) error) error {
	if a.options.text("database-url") != "" {
		return badUse("use psql, pg_dump and pg_restore with DATABASE_URL", "db is for the private database, and DATABASE_URL names another")
	}
	d, err := a.openDatabase(ctx)
	if err != nil {
		return err
	}
	return errors.Join(fn(ctx, d), d.close())
}

func (a *app) dbPath(ctx context.Context) error {
	return a.withPrivate(ctx, func(_ context.Context, d *database) error {
		shown := map[string]string{"dir": d.cluster.Dir, "url": d.cluster.URL(), "version": d.cluster.Version, "programs": d.cluster.Bin}
		return a.emit(shown, func() error {
			a.say("%s\n%s", d.cluster.Dir, d.cluster.URL())
			return nil
		})
	})
}

func (a *app) dbDump(ctx context.Context, name string) error {
	return a.withPrivate(ctx, func(ctx context.Context, d *database) error {
		if err := a.postgresTool(ctx, d, "pg_dump", "--format=custom", "--no-owner", "--no-acl", "--file="+name, d.cluster.URL()); err != nil {
			return err
		}
		info, err := os.Stat(name)
		if err != nil {
			return err
		}
		return a.emit(map[string]any{"file": name, "bytes": info.Size()}, func() error {
			a.say("dumped to %s (%d bytes)", name, info.Size())
			return nil
		})
	})
}

// dbRestore fills a new database from the dump, brings its schema up to date, holds it, and swaps it in.
func (a *app) dbRestore(ctx context.Context, name string) error {
	if err := checkDump(name); err != nil {
		return err
	}
	return a.withPrivate(ctx, func(ctx context.Context, d *database) error {
		d.Store.Close() // nobody may be connected to the database that is replaced
		fill := func(ctx context.Context, fresh string) error {
			return a.fillFrom(ctx, d, name, d.cluster.DatabaseURL(fresh))
		}
		kept, err := store.Replace(ctx, d.cluster.DatabaseURL("postgres"), "secretariat", time.Now().UTC().Format("20060102150405"), fill)
		if err != nil {
			return fmt.Errorf("restore %s: %w", name, err)
		}
		return a.emit(map[string]any{"file": name, "kept": kept, "held": true}, func() error {
			a.say("restored %s; the database before is kept as %s", name, kept)
			a.say("nothing is sent until: secretariat doctor --adopt")
			return nil
		})
	})
}

func (a *app) fillFrom(ctx context.Context, d *database, dump, url string) error {
	if err := a.postgresTool(ctx, d, "pg_restore", "--no-owner", "--no-acl", "--exit-on-error", "--dbname="+url, dump); err != nil {
		return err
	}
	fresh := &database{}
	var err error
	if fresh.Store, err = store.Open(ctx, url); err != nil {
		return err
	}
	defer fresh.Store.Close()
	if _, err := fresh.migrate(ctx); err != nil {
		return err
	}
	return fresh.InTx(ctx, func(tx *store.Tx) error { return tx.Hold(ctx) })
}

// checkDump refuses what pg_dump has not written: its files of the custom format begin with five letters.
func checkDump(name string) error {
	const hint = "a file that secretariat db dump wrote"
	f, err := os.Open(name)
	if err != nil {
		return badUse(hint, "read dump %s: %w", name, reason(err))
	}
	defer f.Close()
	head := make([]byte, 5)
	if _, err := io.ReadFull(f, head); err != nil || string(head) != "PGDMP" {
		return badUse(hint, "%s is no dump of a database", name)
	}
	return nil
}

// postgresTool runs one of PostgreSQL's own programs; what it complains of goes into the error.
func (a *app) postgresTool(ctx context.Context, d *database, program string, args ...string) error {
	var said bytes.Buffer
	if err := a.postgresProgram(ctx, d, &said, program, args...); err != nil {
		first, _, _ := strings.Cut(strings.TrimSpace(said.String()), "\n")
		if first == "" {
			return err
		}
		return failed("see that the place can be written and that there is room", "%s", first)
	}
	return nil
}

// postgresProgram runs one of PostgreSQL's own programs on our streams, with its complaints to where they are wanted.
func (a *app) postgresProgram(ctx context.Context, d *database, complaints io.Writer, program string, args ...string) error {
	path := filepath.Join(d.cluster.Bin, program)
	if _, err := os.Stat(path); err != nil {
		if path, err = exec.LookPath(program); err != nil {
			return lacks("install the PostgreSQL client programs", "%s is neither in %s nor on PATH", program, d.cluster.Bin)
		}
	}
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = a.in, a.out, complaints
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("run %s: %w", program, err)
	}
	return nil
}
