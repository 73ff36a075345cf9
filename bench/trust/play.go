package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	// beside is how many scenarios run at a time: most of their time they wait for leases and time-outs to end.
	beside = 4
	// unwind is how long a scenario past its deadline may take to end its replicas and to have the figures counted.
	unwind = 30 * time.Second
	// every is how often a line tells how far the campaign is.
	every = 20 * time.Second
)

// chosen are the scenarios that the options name, all of them without a choice.
func (o options) chosen() (list []scenario) {
	asked := strings.Split(o.only, ",")
	for _, s := range scenarios {
		if o.only != "" && !slices.Contains(asked, s.name) && !slices.Contains(asked, s.row) {
			continue
		}
		list = append(list, s)
		for n := 1; s.repeats && n < o.repeat; n++ {
			again := s
			again.turn = n
			list = append(list, again)
		}
	}
	return list
}

// course is a campaign under way.
type course struct {
	*ground
	size
	began time.Time

	mu       sync.Mutex
	running  []*told
	outcomes []outcome
}

// all runs those that need the machine for themselves one after the other, then the others and, when asked to, the tests
// that the promises name, some at a time. It returns when all have ended or ctx has: what had no time is broken.
func (c *course) all(ctx context.Context, list []scenario, withTests bool) ([]outcome, tested) {
	quiet := make(chan struct{})
	defer close(quiet)
	go c.tell(quiet)
	for _, s := range list {
		if s.alone {
			c.one(ctx, s)
		}
	}
	var wg sync.WaitGroup
	slots := make(chan struct{}, beside)
	run := func(f func()) {
		slots <- struct{}{} // in the order of the list: the longest begin first
		wg.Go(func() {
			defer func() { <-slots }()
			f()
		})
	}
	var tests tested
	if withTests {
		run(func() { tests = c.tests(ctx) })
	}
	for _, s := range list {
		if !s.alone {
			run(func() { c.one(ctx, s) })
		}
	}
	wg.Wait()
	return c.outcomes, tests
}

// one runs a scenario and prints what came of it.
func (c *course) one(ctx context.Context, s scenario) {
	t := c.begins(s.name)
	z := c.size
	z.told, z.seed = t, z.seed+uint64(s.turn)*1_000_003
	o := s.do(ctx, c.ground, z)
	c.ends(t)
	c.mu.Lock()
	defer c.mu.Unlock()
	fmt.Printf("%-4s %-16s %-6s %5.1f s  %s\n", o.Row, o.Name, o.verdict(), o.Took.Seconds(), o.Reached)
	c.outcomes = append(c.outcomes, o)
}

// tests runs the tests that the promises name.
func (c *course) tests(ctx context.Context) tested {
	t := c.begins("tests")
	defer c.ends(t)
	began := time.Now()
	r := runTests(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	fmt.Printf("     tests            %-6s %5.1f s  %s\n", map[bool]string{true: "kept", false: "BROKEN"}[unproved(r) == nil], time.Since(began).Seconds(), r.summary())
	return r
}

func (c *course) begins(name string) *told {
	t := &told{name: name}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.running = append(c.running, t)
	return t
}

func (c *course) ends(t *told) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.running = slices.DeleteFunc(c.running, func(other *told) bool { return other == t })
}

// tell prints now and then how far every scenario under way is.
func (c *course) tell(quiet <-chan struct{}) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-quiet:
			return
		case <-tick.C:
		}
		c.mu.Lock()
		var all []string
		for _, t := range c.running {
			all = append(all, strings.TrimSuffix(t.name+": "+t.read(), ": "))
		}
		fmt.Printf("  %4.0f s  %s\n", time.Since(c.began).Seconds(), strings.Join(all, " | "))
		c.mu.Unlock()
	}
}

// told is how far a scenario is, in its own words.
type told struct {
	name string
	mu   sync.Mutex
	text string
}

// say notes how far the scenario is: that is what is known of one that is late.
func (t *told) say(format string, args ...any) {
	if t == nil {
		return // in tests nobody listens
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = fmt.Sprintf(format, args...)
}

func (t *told) read() string {
	if t == nil {
		return ""
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text
}

// notHere says what of this machine a scenario needs and does not find: it proves nothing, and nothing is broken.
type notHere string

func (n notHere) Error() string { return string(n) }

// verdict is the outcome in a word.
func (o outcome) verdict() string {
	switch {
	case o.Absent:
		return "absent"
	case o.Kept:
		return "kept"
	}
	return "BROKEN"
}

// end is what a scenario returned.
type end struct {
	reached string
	kept    bool
	err     error
}

// do runs a scenario to its end or its deadline; that it could not be carried out, or that it was late, breaks the promise
// as well. It always returns: what does not stop at its deadline is left behind.
func (s scenario) do(ctx context.Context, g *ground, z size) outcome {
	began := time.Now()
	ctx, cancel := context.WithTimeout(ctx, s.limit(z))
	defer cancel()
	ended := make(chan end, 1)
	go func() {
		reached, kept, err := s.run(ctx, g, z)
		ended <- end{reached, kept, err}
	}()
	e, stopped := wait(ctx, ended)
	o := outcome{Row: s.row, Name: s.name, Reached: e.reached, Took: time.Since(began)}
	if o.Reached == "" {
		o.Reached = z.told.read()
	}
	var absent notHere
	switch {
	case errors.As(e.err, &absent):
		o.Kept, o.Absent, o.Reached = true, true, absent.Error()
	case !stopped:
		o.Reached = fmt.Sprintf("late: it did not even stop within %v of its deadline; %s", unwind, o.Reached)
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		o.Reached = fmt.Sprintf("late: not at its end after %.0f s; %s", o.Took.Seconds(), o.Reached)
	case e.err != nil:
		o.Reached = strings.TrimPrefix(o.Reached+"; "+e.err.Error(), "; ")
	default:
		o.Kept = e.kept
	}
	o.Reached = strings.TrimSuffix(o.Reached, "; ")
	return o
}

// wait returns what a scenario ended with, or false when it goes on long after ctx.
func wait(ctx context.Context, ended <-chan end) (end, bool) {
	select {
	case e := <-ended:
		return e, true
	case <-ctx.Done():
	}
	select {
	case e := <-ended:
		return e, true
	case <-time.After(unwind):
		return end{}, false
	}
}
