package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// council is a programme file with a council of n members and one session of it, which opens at a moment. Everything in it
// is invented. Whoever has not answered a hundred days before the session is asked.
func council(n int, opens time.Time) []byte {
	var people, seats strings.Builder
	for i := range n {
		fmt.Fprintf(&people, "  - {ref: M%d, name: Member %d, organisation: O1, email: m%d@council.example, language: en, timezone: Asia/Tashkent, roles: [stakeholder]}\n", i, i, i)
		fmt.Fprintf(&seats, "      - {ref: S%d, label: Seat %d, voting: true, member: M%d}\n", i, i, i)
	}
	file := strings.Replace(string(programme), "agreements:\n", people.String()+"agreements:\n", 1)
	return fmt.Appendf(nil, `%scouncils:
  - ref: CO
    name: Council of the proof
    seat_city: Tashkent
    country: UZ
    timezone: Asia/Tashkent
    calendar: UZ
    official_languages: [en]
    working_languages: [en]
    record: minutes
    mandate: {title: Invented for the proof}
    seats:
%s    offices:
      - {kind: chair, person: P1}
    quorum:
      - {purpose: open, fraction: "1/3", strict: false, base: voting-seats}
    timetable:
      - {ref: notice, title: Notice, before: opening, by: P6W, roll: earlier, duty_of: secretary, hard: false}
    reminders:
      - {ref: chase, title: A hundred days before, before: opening, by: P100D, to: no-reply, template: reply-request, local_hour: 9, grace: P3D}
    sessions:
      - {ref: SESSION, number: 1, kind: regular, title: Session of the proof, state: draft, mode: hybrid, opens_at: %q, closes_at: %q,
         agenda: [{ref: I1, number: 1, title: Opening, purpose: information, minutes: 10}]}
`, file, seats.String(), opens.Format("2006-01-02T15:04"), opens.Add(3*time.Hour).Format("2006-01-02T15:04"))
}

// observer makes the database write down, in the transaction of each commit point, of which revision the session was then
// and whether the reader had answered. A change that comes later must wait for that transaction, so what stands there is
// what was true when the letter passed.
const observer = `
	create table trust.passed (message_id text, kind text, letter_revision int, session_revision int, answered bool);
	create function trust.observe() returns trigger language plpgsql as $$ begin
		insert into trust.passed select new.message_id, new.kind, new.session_revision, s.revision,
			new.kind = 'reply-request' and exists (select from public.reply r where r.session_id = s.id and r.person_id = new.person_id and r.revision = s.revision)
		from public.session s where s.id = new.session_id;
		return new;
	end $$;
	create trigger observe after update of state on delivery for each row when (new.state = 'committing' and old.state <> 'committing') execute function trust.observe()`

// gathering is a council whose session changes while its letters are sent by replicas that are killed.
type gathering struct {
	*field
	members  int
	opens    time.Time
	turn     []int // seats in the order in which they answer
	answered int   // how many have
	kills    int
	chance   *rand.Rand // of the kills, which come beside all else
}

// zone is the council's.
var zone = time.FixedZone("Asia/Tashkent", 5*3600)

// movingSession convenes a session of many, moves it again and again and cancels it, while members answer, replicas send
// the letters, and the replicas are killed.
func movingSession(ctx context.Context, g *ground, z size) (string, bool, error) {
	f, err := g.openField(ctx, "session", z, fieldOptions{args: []string{"--lease", "6s"}}) // such a letter takes a while to compose
	if err != nil {
		return "", false, err
	}
	defer f.close()
	// Letters are to be found between their claim and their commit point when the session changes.
	f.sink.behave(func(r *rand.Rand) mood {
		return mood{patience: patience, hesitate: time.Duration(r.IntN(400)) * time.Millisecond}
	})
	h := &gathering{field: f, members: z.members, chance: rand.New(rand.NewPCG(z.seed, 3)), opens: time.Now().In(zone).Truncate(24*time.Hour).AddDate(0, 0, 110).Add(5 * time.Hour)}
	h.turn = f.rng.Perm(h.members)
	if err := h.prepare(ctx); err != nil {
		return "", false, err
	}
	if err := f.startServing(ctx, z.replicas); err != nil {
		return "", false, err
	}
	killing, stop := context.WithCancel(ctx)
	defer stop()
	killed := make(chan error, 1)
	go func() { killed <- h.killOn(killing) }()
	const moves = 3
	for n := range moves {
		z.say("moved %d of %d times, %d letters taken", n, moves, f.sink.count())
		if err := h.round(ctx, n); err != nil {
			return "", false, err
		}
	}
	if err := h.command(ctx, "sessions", "cancel", "SESSION", "--yes", "--reason", "Snow."); err != nil {
		return "", false, err
	}
	stop()
	if err := <-killed; err != nil {
		return "", false, err
	}
	what := fmt.Sprintf("a session of %d members convened, moved %d times and cancelled, %d answers, %d × kill -9 over %d replicas", h.members, moves, h.answered, h.kills, z.replicas)
	drained := f.drain(ctx, 2*time.Minute)
	for _, r := range f.replicas {
		r.kill()
	}
	v, err := h.checkSession(ctx)
	if err != nil {
		return what, false, err
	}
	var stopped int // of these no more was heard although a sender had them
	if err := f.db.QueryRowContext(ctx, `select count(*) from delivery where session_id is not null and state = 'suppressed' and attempts > 0`).Scan(&stopped); err != nil {
		return what, false, err
	}
	text := fmt.Sprintf("%s; %d letters that a sender had were stopped, %d arrived: %d passed their commit point after a change, %d after the answer, %d twice; %d of those who heard of it not told of the end, %d told of an end that they had not heard of",
		what, stopped, v.Arrived, len(v.Outdated), len(v.Answered), len(v.Twice), len(v.Untold), len(v.Startled))
	return text, v.kept && drained == nil, drained
}

// prepare writes the council into the database.
func (h *gathering) prepare(ctx context.Context) error {
	file := filepath.Join(h.dir, "council.yaml")
	if err := os.WriteFile(file, council(h.members, h.opens), 0o600); err != nil {
		return err
	}
	if err := h.command(ctx, "apply", file); err != nil {
		return err
	}
	return h.psql(ctx, h.name, observer)
}

// round has the session convened or moved, lets some of the letters leave, lets members answer while those who have not are
// asked, and moves the session in the middle of it.
func (h *gathering) round(ctx context.Context, n int) error {
	if n == 0 {
		if err := h.command(ctx, "sessions", "confirm", "SESSION", "--yes", "--venue", "Hall 1"); err != nil {
			return err
		}
	} else if err := h.later(ctx, 61*time.Second); err != nil { // a notice of a change waits for a minute whether another comes
		return err
	}
	if err := h.leave(ctx); err != nil {
		return err
	}
	if err := h.answer(ctx, 2); err != nil {
		return err
	}
	chase := h.opens.AddDate(0, 0, -100)
	if err := h.clock(ctx, time.Date(chase.Year(), chase.Month(), chase.Day(), 9, 1, 0, 0, zone)); err != nil {
		return err
	}
	if err := h.leave(ctx); err != nil {
		return err
	}
	if err := h.answer(ctx, 3); err != nil { // while they are asked
		return err
	}
	h.opens = h.opens.AddDate(0, 0, 7)
	return h.command(ctx, "sessions", "reschedule", "SESSION", "--yes", "--opens", h.opens.Format("2006-01-02T15:04"), "--reason", "The hall is taken.")
}

// leave waits until some more letters have left, how many is chance.
func (h *gathering) leave(ctx context.Context) error {
	want := h.sink.count() + 3 + h.rng.IntN(max(h.members/3, 1))
	return until(ctx, time.Minute, "some of the letters have left", func() (bool, error) {
		if h.sink.count() >= want {
			return true, nil
		}
		var due bool
		err := h.db.QueryRowContext(ctx, `
			select exists (select from delivery, instance where state in ('pending', 'sending', 'committing', 'uncertain')
				or state = 'planned' and not_before <= now() + clock_offset)`).Scan(&due)
		return !due, err
	})
}

// answer lets the next members answer, all at once.
func (h *gathering) answer(ctx context.Context, n int) error {
	errs := make(chan error, n)
	for i := range n {
		seat := fmt.Sprintf("S%d", h.turn[h.answered+i])
		go func() {
			errs <- h.command(ctx, "replies", "add", "--session", "SESSION", "--seat", seat, "--answer", "accepted")
		}()
	}
	h.answered += n
	for range n {
		if err := <-errs; err != nil {
			return err
		}
	}
	return nil
}

// clock lets the one clock show a moment, unless that is past.
func (h *gathering) clock(ctx context.Context, moment time.Time) error {
	_, err := h.db.ExecContext(ctx, `update instance set clock_offset = greatest(clock_offset, $1::timestamptz - now())`, moment)
	return err
}

// killOn kills replicas that serve, one after the other, until it is told to stop.
func (h *gathering) killOn(ctx context.Context) error {
	for ctx.Err() == nil {
		i := h.chance.IntN(len(h.replicas))
		r := h.replicas[i]
		if err := until(ctx, time.Minute, "the replica has come up", func() (bool, error) { return r.serving(), nil }); err != nil && ctx.Err() == nil {
			return err
		}
		pause(ctx, time.Duration(500+h.chance.IntN(1500))*time.Millisecond)
		if ctx.Err() != nil {
			return nil
		}
		r.kill()
		h.kills++
		if err := h.again(i); err != nil {
			return err
		}
	}
	return nil
}

// sessionVerdict is what the checker says of a session.
type sessionVerdict struct {
	Arrived                                     int
	Outdated, Answered, Twice, Untold, Startled []string
	kept                                        bool
}

// checkSession exports what was observed and lets the checker judge it.
func (h *gathering) checkSession(ctx context.Context) (v sessionVerdict, err error) {
	args := []string{"-log", filepath.Join(h.dir, "sink.log")}
	for _, e := range [][2]string{
		{"passed", `select message_id, kind, letter_revision, session_revision, answered from trust.passed`},
		{"session", `select d.message_id, d.address, d.kind, d.state, d.rule_ref is not null as reminder from delivery d where d.session_id is not null`},
	} {
		out, err := h.query(ctx, h.name, `copy (`+e[1]+`) to stdout csv header`)
		if err != nil {
			return v, err
		}
		file := filepath.Join(h.dir, e[0]+".csv")
		if err := os.WriteFile(file, out, 0o600); err != nil {
			return v, err
		}
		args = append(args, "-"+e[0], file)
	}
	out, kept, err := h.checker(ctx, args)
	if err != nil {
		return v, err
	}
	v.kept = kept
	return v, json.Unmarshal(out, &v)
}
