package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// reportsWithin is when every report is made: a fire that failed is tried again after a minute and, where the disk was full
// once more just then, after two (docs/deliveries.md).
const reportsWithin = 4 * time.Minute

// diskSize is what the disk under the database holds when nothing stands in the way: twice of what it needs.
const diskSize = 256 << 20

// fullDisk fills the disk under the database again and again, nearly or wholly, while reports are made and letters sent.
func fullDisk(ctx context.Context, shared *ground, z size) (string, bool, error) {
	dir := filepath.Join(shared.dir, fmt.Sprintf("full-disk-%d", shared.serial.Add(1)))
	disk := filepath.Join(dir, "pg") // only the server's files: the relay's log must not fill up with it
	if err := os.MkdirAll(disk, 0o755); err != nil {
		return "", false, err
	}
	unmount, err := mountMemory(disk, diskSize)
	if err != nil {
		return "", false, notHere(fmt.Sprintf("a disk that fills up must be mounted, and that is not allowed here: %v", err))
	}
	defer unmount()
	z.say("a server of its own is made")
	g, err := newGround(ctx, shared.binary, dir)
	if err != nil {
		return "", false, err
	}
	defer g.close()
	f, err := g.openField(ctx, "disk", z, fieldOptions{})
	if err != nil {
		return "", false, err
	}
	defer f.close()
	f.sink.behave(hostile(false))
	if err := f.startServing(ctx, 2); err != nil {
		return "", false, err
	}
	d := &disks{field: f, disk: disk}
	for n := range z.disks {
		f.say("the disk was full %d of %d times, %d reports owed", n, z.disks, d.asked)
		if err := d.round(ctx); err != nil {
			return "", false, err
		}
	}
	err = until(ctx, reportsWithin, "every report is made", func() (bool, error) {
		n, err := d.reports(ctx)
		f.say("the disk was full %d times; %d of %d reports are made", z.disks, n, d.asked)
		return n == d.asked, err
	})
	if err != nil {
		return "", false, err
	}
	full, died := d.complaints(), f.ended()
	what := fmt.Sprintf("%d × a full disk under PostgreSQL (which ended %d times), %d times a replica met it: %d reports asked for and made whole, work resumed after %.1f s at the most, %d replicas ended",
		z.disks, d.restarts, full, d.asked, d.worst.Seconds(), died)
	text, kept, err := f.finish(ctx, f.owed, what)
	return text, kept && died == 0 && full > 0, err
}

// disks is a disk that is full now and then.
type disks struct {
	*field
	disk            string
	asked, restarts int
	worst           time.Duration
}

// round leaves so little space that some of what is written still fits, asks for a report, makes room after a while, and
// looks at what became of the reports. Asking may be refused, and is then done again: nothing was taken down.
func (d *disks) round(ctx context.Context) error {
	if err := d.feed(ctx, 0, 30); err != nil {
		return err
	}
	room, err := d.fill(d.rng.Int64N(100) << 10)
	if err != nil {
		return err
	}
	asking, cancel := context.WithTimeout(ctx, 20*time.Second)
	refused := d.command(asking, "schedules", "run", "REVIEW")
	cancel()
	pause(ctx, time.Second+time.Duration(d.rng.IntN(1000))*time.Millisecond)
	if err := room(); err != nil {
		return err
	}
	if err := d.revive(ctx); err != nil {
		return err
	}
	if refused != nil {
		if err := d.command(ctx, "schedules", "run", "REVIEW"); err != nil {
			return err
		}
	}
	d.asked++
	if _, err := d.reports(ctx); err != nil {
		return err
	}
	if err := d.owe(ctx, 1); err != nil {
		return err
	}
	took, err := d.resumes(ctx, d.sink.count())
	d.worst = max(d.worst, took)
	return err
}

// complaints is how often replicas logged that the disk is full.
func (d *disks) complaints() (n int) {
	for _, r := range d.replicas {
		if b, err := os.ReadFile(r.log); err == nil {
			n += strings.Count(string(b), "No space left on device")
		}
	}
	return n
}

// reports counts the reports, each of which must have its file, the file its sum, and the reader a letter.
func (d *disks) reports(ctx context.Context) (n int, err error) {
	var torn int
	err = d.db.QueryRowContext(ctx, `
		select count(*), count(*) filter (where state <> 'released' or not exists (select from delivery d where d.run_id = r.id) or not exists (
			select from run_artefact f join artefact a using (sha256) where f.run_id = r.id and f.format = 'pdf' and sha256(a.bytes) = a.sha256))
		from report_run r where report = 'annual-review'`).Scan(&n, &torn)
	if err == nil && torn > 0 {
		err = fmt.Errorf("%d of %d reports are on record and lack their file or their letter", torn, n)
	}
	return n, err
}

// fill fills the disk, gives so many octets of it back, and returns what makes room again.
func (d *disks) fill(leave int64) (room func() error, err error) {
	name := filepath.Join(d.disk, "ballast")
	ballast, err := os.Create(name)
	if err != nil {
		return nil, err
	}
	defer ballast.Close()
	if _, err := io.Copy(ballast, io.LimitReader(zeros{}, 2*diskSize)); !errors.Is(err, syscall.ENOSPC) {
		return nil, fmt.Errorf("fill the disk: %w", err)
	}
	size, err := ballast.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	return func() error { return os.Remove(name) }, ballast.Truncate(max(size-leave, 0))
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}

// revive waits until the server accepts connections again, and starts it again when it has ended.
func (d *disks) revive(ctx context.Context) error {
	return until(ctx, time.Minute, "PostgreSQL accepts connections", func() (bool, error) {
		_, err := d.query(ctx, d.name, "select 1")
		if err == nil {
			return true, nil
		}
		if _, gone := os.Stat(filepath.Join(d.pg.Dir, "data", "postmaster.pid")); !errors.Is(gone, os.ErrNotExist) && !strings.Contains(err.Error(), "No such file") {
			return false, err // it recovers
		}
		d.restarts++
		return false, d.restart(ctx)
	})
}
