package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// resumeWithin is how soon letters leave again after the database accepts connections again.
const resumeWithin = 5 * time.Second

// restartServer ends PostgreSQL at once again and again and starts it anew: a server of its own, for others use the first.
func restartServer(ctx context.Context, shared *ground, z size) (string, bool, error) {
	z.say("a server of its own is made")
	g, err := newGround(ctx, shared.binary, filepath.Join(shared.dir, fmt.Sprintf("restart-%d", shared.serial.Add(1))))
	if err != nil {
		return "", false, err
	}
	defer g.close()
	f, err := g.openField(ctx, "restart", z, fieldOptions{})
	if err != nil {
		return "", false, err
	}
	defer f.close()
	f.sink.behave(hostile(false))
	if err := f.startServing(ctx, z.replicas); err != nil {
		return "", false, err
	}
	var worst time.Duration
	for n := range z.restarts {
		f.say("%d of %d × immediate restart, work resumed after %.1f s at the most", n, z.restarts, worst.Seconds())
		if err := f.feed(ctx, 0, 300); err != nil {
			return "", false, err
		}
		pause(ctx, time.Duration(100+f.rng.IntN(400))*time.Millisecond)
		if err := g.crash(ctx); err != nil {
			return "", false, err
		}
		pause(ctx, time.Duration(f.rng.IntN(400))*time.Millisecond)
		if err := g.restart(ctx); err != nil {
			return "", false, err
		}
		took, err := f.resumes(ctx, f.sink.count())
		if err != nil {
			return "", false, err
		}
		worst = max(worst, took)
	}
	died := f.ended()
	text, kept, err := f.finish(ctx, f.owed, fmt.Sprintf("%d × immediate restart of PostgreSQL, work resumed after %.1f s at the most, %d replicas ended", z.restarts, worst.Seconds(), died))
	return text, kept && z.inTime(worst <= resumeWithin) && died == 0, err
}

// resumes waits until the relay takes another letter beyond n and returns how long that took.
func (f *field) resumes(ctx context.Context, n int) (time.Duration, error) {
	began := time.Now()
	err := until(ctx, 90*time.Second, "letters leave again", func() (bool, error) { return f.sink.count() > n, nil })
	return time.Since(began), err
}

// ended counts the replicas that ended by themselves.
func (f *field) ended() (n int) {
	for _, r := range f.replicas {
		if !r.alive() {
			n++
		}
	}
	return n
}

// readOnly makes the database refuse to write for a while, as a server does that is no longer the primary one.
func readOnly(ctx context.Context, g *ground, z size) (string, bool, error) {
	f, err := g.openField(ctx, "readonly", z, fieldOptions{})
	if err != nil {
		return "", false, err
	}
	defer f.close()
	f.sink.behave(hostile(false))
	if err := f.startServing(ctx, z.replicas); err != nil {
		return "", false, err
	}
	if err := f.owe(ctx, 200); err != nil {
		return "", false, err
	}
	pause(ctx, time.Second)
	for _, value := range []string{"on", "off"} {
		// The owner's own sessions say for themselves that they write.
		err := f.psql(ctx, "postgres", `set default_transaction_read_only = off; alter database `+f.name+` set default_transaction_read_only = `+value+`;
			select pg_terminate_backend(pid) from pg_stat_activity where datname = '`+f.name+`' and application_name = 'secretariat'`)
		if err != nil {
			return "", false, err
		}
		pause(ctx, 3*time.Second)
	}
	died := f.ended()
	f.db.SetMaxIdleConns(0) // its own sessions were opened while the database was read-only
	f.db.SetMaxIdleConns(2)
	text, kept, err := f.finish(ctx, 300, fmt.Sprintf("read-only for 3 s, %d replicas ended", died))
	return text, kept && died == 0, err
}

// terminate tells replicas to end while they send, and starts them anew. There is no oracle: a letter whose fate were
// unknown would stay listed.
func terminate(ctx context.Context, g *ground, z size) (string, bool, error) {
	f, err := g.openField(ctx, "terminate", z, fieldOptions{noOracle: true})
	if err != nil {
		return "", false, err
	}
	defer f.close()
	f.sink.behave(hostile(false))
	if err := f.start(z.replicas); err != nil {
		return "", false, err
	}
	var worst time.Duration
	badly := 0
	for n := range z.terms {
		f.say("%d of %d × SIGTERM, the slowest end after %.1f s", n, z.terms, worst.Seconds())
		if err := f.feed(ctx, 0, 40); err != nil {
			return "", false, err
		}
		pause(ctx, time.Duration(100+f.rng.IntN(150))*time.Millisecond)
		i := f.rng.IntN(len(f.replicas))
		if err := until(ctx, time.Minute, "the replica has come up", func() (bool, error) { return f.replicas[i].serving(), nil }); err != nil {
			return "", false, err
		}
		took, code, err := f.replicas[i].terminate(30 * time.Second)
		if err != nil {
			return "", false, err
		}
		worst = max(worst, took)
		if code != 0 {
			badly++
		}
		if err := f.again(i); err != nil {
			return "", false, err
		}
	}
	text, kept, err := f.finish(ctx, f.owed, fmt.Sprintf("%d × SIGTERM, the slowest end after %.1f s, %d with another exit code than 0", z.terms, worst.Seconds(), badly))
	return text, kept && z.inTime(worst <= 20*time.Second) && badly == 0 && strings.Contains(text, " 0 uncertain"), err
}

// holeLimit is how long a call to the database may take on a link that swallows everything (store/dial.go), and a second.
const holeLimit = 36 * time.Second

// blackHoleDatabase swallows all that passes between a replica and the database.
func blackHoleDatabase(ctx context.Context, g *ground, z size) (string, bool, error) {
	f, err := g.openField(ctx, "hole_db", z, fieldOptions{})
	if err != nil {
		return "", false, err
	}
	defer f.close()
	f.sink.behave(hostile(false))
	link, err := openProxy("unix", f.pg.Dir+"/run/.s.PGSQL.5432")
	if err != nil {
		return "", false, err
	}
	defer link.close()
	direct := f.url
	host, port, _ := net.SplitHostPort(link.address())
	f.url = fmt.Sprintf("postgres://secretariat@%s:%s/%s?sslmode=disable", host, port, f.name)
	if err := f.startServing(ctx, 2); err != nil {
		return "", false, err
	}
	if err := f.owe(ctx, 100); err != nil {
		return "", false, err
	}
	if _, err := f.resumes(ctx, 20); err != nil {
		return "", false, err
	}
	f.say("the link to the database swallows everything")
	link.swallow()
	began := time.Now()
	pause(ctx, 300*time.Millisecond)
	stopped, code, err := f.replicas[0].terminate(60 * time.Second)
	if err != nil {
		return "", false, err
	}
	err = until(ctx, 2*time.Minute, "the replica says that the pass failed", func() (bool, error) {
		b, err := os.ReadFile(f.dir + "/replica-1.log")
		return strings.Contains(string(b), "the pass over what is due failed"), err
	})
	if err != nil {
		return "", false, err
	}
	noticed := time.Since(began)
	before := f.sink.count()
	if err := f.owe(ctx, 50); err != nil {
		return "", false, err
	}
	link.heal()
	took, err := f.resumes(ctx, before)
	if err != nil {
		return "", false, err
	}
	f.url = direct
	text, kept, err := f.finish(ctx, f.owed, fmt.Sprintf("black hole to the database: SIGTERM ended after %.1f s (exit %d), noticed after %.1f s, healed: work resumed after %.1f s",
		stopped.Seconds(), code, noticed.Seconds(), took.Seconds()))
	return text, kept && z.inTime(stopped <= 20*time.Second && noticed <= holeLimit && took <= resumeWithin), err
}
