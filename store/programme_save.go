package store

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/lib/pq"

	"secretariat/programme"
)

// SaveProgramme is what a plan makes of the programme.
type SaveProgramme struct {
	Plan   programme.Plan
	Target programme.Programme   // after the plan
	Domain string                // right side of the calendar uids of new sessions
	Fires  map[string]*time.Time // next fire of each schedule that the plan creates or updates; nil: never
}

// LockProgramme keeps other applications of files, and changes to sessions, waiting until the transaction ends.
func (tx *Tx) LockProgramme(ctx context.Context) error {
	const key = 0x70726f6772 // any number that no other lock uses
	if _, err := tx.ExecContext(ctx, `select pg_advisory_xact_lock($1)`, key); err != nil {
		return fmt.Errorf("lock programme: %w", err)
	}
	if _, err := tx.ExecContext(ctx, `select id from session order by id for no key update`); err != nil {
		return fmt.Errorf("lock sessions: %w", err)
	}
	return nil
}

// SaveProgramme writes the objects that the plan creates or updates, with their parts, and retires those that it retires.
// Facts inside an object (updates, revisions, transactions, replies …) are added or corrected and never deleted.
func (tx *Tx) SaveProgramme(ctx context.Context, s SaveProgramme) error {
	t := changed(s)
	steps := []func() error{
		func() error { return tx.saveInfo(ctx, s) },
		func() error { return tx.put(ctx, "organisations", rows(t.Organisations), putOrganisations) },
		func() error { return tx.put(ctx, "people", rows(t.People), putPeople) },
		func() error { return tx.saveAgreements(ctx, t) },
		func() error { return tx.saveResults(ctx, t) },
		func() error { return tx.saveActivities(ctx, t.Activities) },
		func() error { return tx.saveContributions(ctx, t.Contributions) },
		func() error { return tx.put(ctx, "events", rows(t.Events), putEvents) },
		func() error { return tx.put(ctx, "publications", rows(t.Publications), putPublications) },
		func() error { return tx.put(ctx, "risks", rows(t.Risks), putRisks) },
		func() error { return tx.saveCouncils(ctx, t.Councils) },
		func() error { return tx.saveSessions(ctx, s) },
		func() error { return tx.put(ctx, "holidays", rows(t.Holidays), putHolidays) },
		func() error { return tx.saveSubscriptions(ctx, s) },
		func() error { return tx.saveSchedules(ctx, t.Schedules, s.Fires) },
		func() error { return tx.retire(ctx, s.Plan) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// changes reports whether the plan creates or updates an object.
func (s SaveProgramme) changes(kind, ref string) bool {
	return slices.ContainsFunc(s.Plan.Changes, func(c programme.Change) bool {
		return c.Kind == kind && c.Ref == ref && c.Op != programme.OpRetire
	})
}

// changed returns the target with only the objects that the plan creates or updates.
func changed(s SaveProgramme) programme.Programme {
	wanted := map[string]bool{}
	for _, c := range s.Plan.Changes {
		wanted[c.Kind+" "+c.Ref] = c.Op != programme.OpRetire
	}
	result := s.Target
	v := reflect.ValueOf(&result).Elem()
	for _, f := range programme.FieldsOf(v.Type()) {
		list := v.Field(f.Index)
		if list.Kind() != reflect.Slice {
			continue
		}
		left := reflect.MakeSlice(list.Type(), 0, list.Len())
		for i, name := range programme.ElementNames(f.Key, list.Interface()) {
			if wanted[programme.KindOf(f.Key)+" "+name] {
				left = reflect.Append(left, list.Index(i))
			}
		}
		list.Set(left)
	}
	return result
}

// row is one object as a statement with jsonb_to_recordset takes it.
type row = map[string]any

// rows returns a list of nouns as rows; n is the position.
func rows[T any](list []T) []row {
	result := make([]row, len(list))
	for i, o := range list {
		result[i] = programme.Record(o).(row)
		result[i]["n"] = i + 1
	}
	return result
}

// parts returns the parts of objects as rows: parent is the ref of the object, n the position in its list, and ord tells
// apart those that have the same key.
func parts[P, C any](parents []P, list string, of func(P) (ref string, children []C)) (result []row) {
	for _, p := range parents {
		ref, children := of(p)
		for i, name := range programme.ElementNames(list, children) {
			r := programme.Record(children[i]).(row)
			_, ord, _ := strings.Cut(name, "#")
			r["parent"], r["n"], r["ord"] = ref, i+1, 1
			if n, err := strconv.Atoi(ord); err == nil {
				r["ord"] = n
			}
			result = append(result, r)
		}
	}
	return result
}

// put runs a statement whose $1 is the rows and whose $2 is the moment.
func (tx *Tx) put(ctx context.Context, what string, rows []row, statements ...string) error {
	if len(rows) == 0 {
		return nil
	}
	text, err := json.Marshal(rows)
	if err != nil {
		return fmt.Errorf("save %s: %w", what, err)
	}
	for _, statement := range statements {
		if err := tx.run(ctx, "save "+what, statement, string(text)); err != nil {
			return err
		}
	}
	return nil
}

// run executes a statement with the moment as its last parameter, if it has one more than args.
func (tx *Tx) run(ctx context.Context, act, statement string, args ...any) error {
	if strings.Contains(statement, "$"+strconv.Itoa(len(args)+1)) {
		args = append(args, tx.Now)
	}
	if _, err := tx.ExecContext(ctx, statement, args...); err != nil {
		return fmt.Errorf("%s: %w", act, err)
	}
	return nil
}

func (tx *Tx) saveInfo(ctx context.Context, s SaveProgramme) error {
	for _, c := range s.Plan.Changes {
		if c.Kind == "programme" {
			return tx.put(ctx, "programme", rows([]programme.Info{s.Target.Info}), `
				insert into programme (code, title, timezone, languages, currency, started_on, calendar, source, updated_at)
				select x.code, x.title, x.timezone, x.languages, x.currency, x.started_on, x.calendar, x.source, $2
				from jsonb_to_recordset($1) x(code text, title jsonb, timezone text, languages text[], currency text, started_on date, calendar text,
					source text)
				on conflict (one) do update set (code, title, timezone, languages, currency, started_on, calendar, source, updated_at) =
					(excluded.code, excluded.title, excluded.timezone, excluded.languages, excluded.currency, excluded.started_on, excluded.calendar,
						excluded.source, excluded.updated_at)`)
		}
	}
	return nil
}

// retire marks the objects that the plan retires.
func (tx *Tx) retire(ctx context.Context, plan programme.Plan) error {
	refs := map[string][]string{}
	for _, c := range plan.Changes {
		if c.Op == programme.OpRetire {
			refs[c.Kind] = append(refs[c.Kind], c.Ref)
		}
	}
	for kind, list := range refs {
		statement, ok := retireStatements[kind]
		if !ok {
			return fmt.Errorf("retire %s %s: no such kind", kind, list[0])
		}
		if err := tx.run(ctx, "retire "+kind, statement, pq.Array(list)); err != nil {
			return err
		}
	}
	return nil
}

// retireStatements mark objects by ref, or by the fields that stand for one.
var retireStatements = map[string]string{
	"organisation": `update organisation set retired_at = $2 where ref = any($1)`,
	"person":       `update person set retired_at = $2 where ref = any($1)`,
	"agreement":    `update agreement set retired_at = $2 where ref = any($1)`,
	"pillar":       `update pillar set retired_at = $2 where ref = any($1)`,
	"area":         `update area set retired_at = $2 where ref = any($1)`,
	"result":       `update result set retired_at = $2 where ref = any($1)`,
	"indicator":    `update indicator set retired_at = $2 where ref = any($1)`,
	"activity":     `update activity set retired_at = $2 where ref = any($1)`,
	"contribution": `update contribution set retired_at = $2 where ref = any($1)`,
	"event":        `update event set retired_at = $2 where ref = any($1)`,
	"publication":  `update publication set retired_at = $2 where ref = any($1)`,
	"risk":         `update risk set retired_at = $2 where ref = any($1)`,
	"council":      `update council set retired_at = $2 where ref = any($1)`,
	"session":      `update session set retired_at = $2 where ref = any($1)`,
	"holiday":      `update holiday set retired_at = $2 where calendar || ' ' || date = any($1)`,
	"schedule":     `update schedule set retired_at = $2, next_fire_at = null where ref = any($1)`,
	"subscription": `update subscription s set retired_at = $2 from (` + namedSubscriptions + `) n where n.id = s.id and n.name = any($1)`,
}
