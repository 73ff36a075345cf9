// Command trust hurts the program on purpose and proves what it promises: replicas of the daemon as processes on one
// PostgreSQL, a relay that never forgets, and a checker that shares no code with any of them. script/trust runs it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

func main() {
	var z size
	flag.Uint64Var(&z.seed, "seed", uint64(time.Now().UnixNano())%1_000_000, "seed of every random choice")
	flag.IntVar(&z.kills, "kills", 1000, "kill -9 with an oracle; a fifth as many without")
	flag.IntVar(&z.letters, "letters", 5000, "letters owed while replicas are killed, at least")
	flag.IntVar(&z.replicas, "replicas", 3, "replicas")
	flag.IntVar(&z.backlog, "backlog", 100_000, "letters of the backlog")
	flag.IntVar(&z.sessions, "sessions", 200, "sessions of the database that are ended")
	flag.IntVar(&z.freezes, "freezes", 60, "replicas frozen beyond their lease")
	flag.IntVar(&z.restarts, "restarts", 15, "immediate restarts of PostgreSQL")
	flag.IntVar(&z.terms, "terms", 100, "SIGTERMs")
	only := flag.String("only", "", "scenarios by name or row, separated by commas")
	file := flag.String("o", "RELIABILITY.md", "file for the table of promises; only a whole campaign writes it")
	keep := flag.Bool("keep", false, "keep the folder with logs and exports")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := campaign(ctx, z, *only, *file, *keep); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

// campaign runs the scenarios, prints a line for each, and writes the table of promises.
func campaign(ctx context.Context, z size, only, file string, keep bool) (err error) {
	dir, err := os.MkdirTemp("", "trust-")
	if err != nil {
		return err
	}
	if err := os.Chmod(dir, 0o755); err != nil { // PostgreSQL may run as another user
		return err
	}
	fmt.Printf("seed %d, folder %s\n", z.seed, dir)
	g, err := prepare(ctx, dir)
	if err != nil {
		return err
	}
	outcomes := playAll(ctx, g, z, only)
	err = g.close()
	bad := 0
	for _, o := range outcomes {
		if !o.Kept {
			bad++
		}
	}
	if only == "" && ctx.Err() == nil {
		err = errors.Join(err, writeReliability(ctx, file, z, outcomes))
	}
	if bad > 0 {
		err = errors.Join(err, fmt.Errorf("%d promises were broken; the logs are in %s", bad, dir))
	} else if !keep {
		err = errors.Join(err, os.RemoveAll(dir))
	}
	return err
}

// playAll runs those that need the machine for themselves one after the other, then the others, which mostly wait, three
// at a time.
func playAll(ctx context.Context, g *ground, z size, only string) (outcomes []outcome) {
	asked := strings.Split(only, ",")
	var mu sync.Mutex
	play := func(s scenario) {
		o := s.do(ctx, g, z)
		mu.Lock()
		defer mu.Unlock()
		fmt.Printf("%-4s %-16s %-6s %5.1f s  %s\n", o.Row, o.Name, map[bool]string{true: "kept", false: "BROKEN"}[o.Kept], o.Took.Seconds(), o.Reached)
		outcomes = append(outcomes, o)
	}
	var wg sync.WaitGroup
	slots := make(chan struct{}, 3)
	for _, s := range scenarios {
		switch {
		case ctx.Err() != nil, only != "" && !slices.Contains(asked, s.name) && !slices.Contains(asked, s.row):
		case s.alone:
			play(s)
		default:
			wg.Go(func() {
				slots <- struct{}{}
				play(s)
				<-slots
			})
		}
	}
	wg.Wait()
	return outcomes
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

// do runs a scenario; that it could not be carried out breaks the promise as well.
func (s scenario) do(ctx context.Context, g *ground, z size) outcome {
	began := time.Now()
	reached, kept, err := s.run(ctx, g, z)
	if err != nil {
		reached = strings.TrimPrefix(reached+"; "+err.Error(), "; ")
	}
	return outcome{Row: s.row, Name: s.name, Reached: reached, Kept: kept && err == nil, Took: time.Since(began)}
}
