// Command trust hurts the program on purpose and proves what it promises: replicas of the daemon as processes on one
// PostgreSQL, a relay that never forgets, and a checker that shares no code with any of them. script/trust runs it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

// options say what a campaign is.
type options struct {
	size
	only   string
	file   string
	keep   bool
	within time.Duration
	asked  string // the options that were given, but for the seed and what becomes of the files
}

func main() {
	var o options
	flag.Uint64Var(&o.seed, "seed", rand.Uint64N(1_000_000), "seed of every random choice")
	flag.IntVar(&o.kills, "kills", 1000, "kill -9 with an oracle; a fifth as many without")
	flag.IntVar(&o.letters, "letters", 5000, "letters owed while replicas are killed, at least")
	flag.IntVar(&o.replicas, "replicas", 3, "replicas")
	flag.IntVar(&o.backlog, "backlog", 0, "letters of the backlog, which is waited for to its end; 0: 100000, of which as many leave as do in a minute and a half")
	flag.IntVar(&o.sessions, "sessions", 200, "sessions of the database that are ended")
	flag.IntVar(&o.freezes, "freezes", 60, "replicas frozen beyond their lease")
	flag.IntVar(&o.restarts, "restarts", 15, "immediate restarts of PostgreSQL")
	flag.IntVar(&o.terms, "terms", 100, "SIGTERMs")
	flag.IntVar(&o.members, "members", 200, "members of the council whose session is moved while its letters are sent")
	flag.IntVar(&o.days, "days", 365, "days that a daemon lives through on the clock of the database")
	flag.IntVar(&o.migrators, "migrators", 50, "migrators that are killed")
	flag.IntVar(&o.deaths, "deaths", 20, "deaths of the replica that decides fires")
	flag.IntVar(&o.jumps, "jumps", 20, "times that the clock of a replica is set")
	flag.IntVar(&o.disks, "disks", 12, "times that the disk under the database is full")
	flag.IntVar(&o.repeat, "repeat", 1, "how often replicas are killed with an oracle, each time with another seed")
	flag.StringVar(&o.only, "only", "", "scenarios by name or row, separated by commas")
	flag.StringVar(&o.file, "o", "RELIABILITY.md", "file for the table of promises; only a whole campaign writes it")
	flag.BoolVar(&o.keep, "keep", false, "keep the folder with logs and exports")
	flag.DurationVar(&o.within, "within", 10*time.Minute, "when the campaign ends, whatever has not come to its end by then")
	flag.Parse()
	flag.Visit(func(f *flag.Flag) {
		if f.Name != "seed" && f.Name != "o" && f.Name != "keep" {
			o.asked += " --" + f.Name + " " + f.Value.String()
		}
	})
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := campaign(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

// lastWords is what is kept of a campaign's time for stopping what is late and for writing the table.
const lastWords = unwind + 15*time.Second

// campaign runs the scenarios, prints a line for each, and writes the table of promises.
func campaign(ctx context.Context, o options) (err error) {
	began := time.Now()
	dir, err := os.MkdirTemp("", "trust-")
	if err != nil {
		return err
	}
	if err := os.Chmod(dir, 0o755); err != nil { // PostgreSQL may run as another user
		return err
	}
	fmt.Printf("seed %d, folder %s\n", o.seed, dir)
	g, err := prepare(ctx, dir)
	if err != nil {
		return err
	}
	playing, cancel := context.WithDeadline(ctx, began.Add(o.within-lastWords))
	defer cancel()
	c := course{ground: g, size: o.size, began: began}
	outcomes, tests := c.all(playing, o.chosen(), o.only == "")
	err = g.close()
	bad := 0
	for _, oc := range outcomes {
		if !oc.Kept {
			bad++
		}
	}
	if o.only == "" && ctx.Err() == nil {
		err = errors.Join(err, writeReliability(o, time.Since(began), outcomes, tests))
	}
	fmt.Printf("%d scenarios in %.0f s, %d broken\n", len(outcomes), time.Since(began).Seconds(), bad)
	if bad > 0 {
		err = errors.Join(err, fmt.Errorf("%d promises were broken; the logs are in %s", bad, dir))
	} else if !o.keep {
		err = errors.Join(err, os.RemoveAll(dir))
	}
	return err
}

// prepare builds the program and the checker into dir and makes the ground of all scenarios.
func prepare(ctx context.Context, dir string) (*ground, error) {
	for name, pkg := range map[string]string{"secretariat": "secretariat/cmd/secretariat", "checker": "secretariat/bench/trust/checker"} {
		cmd := exec.CommandContext(ctx, "go", "build", "-o", filepath.Join(dir, name), pkg)
		if out, err := cmd.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("build %s: %w\n%s", name, err, out)
		}
	}
	return newGround(ctx, filepath.Join(dir, "secretariat"), dir)
}
