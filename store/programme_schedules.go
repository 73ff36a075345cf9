package store

import (
	"context"
	"time"

	"secretariat/programme"
)

const subscriptions = `
	select report, people, role, format, language, source from subscription where retired_at is null or $1 order by id`

// namedSubscriptions gives each subscription the name that programme gives it: report, role, and "#2" for the second of a kind.
const namedSubscriptions = `
	select id, concat_ws(' ', report, role) || case ord when 1 then '' else '#' || ord end as name, people, role, format, language, source
	from (select *, row_number() over (partition by report, role order by id) as ord from subscription where retired_at is null) s`

// saveSubscriptions corrects and adds the subscriptions that the plan changes. They have no ref: their names count those of
// a kind, so that all that stand after the plan are looked at.
func (tx *Tx) saveSubscriptions(ctx context.Context, s SaveProgramme) error {
	all := rows(s.Target.Subscriptions)
	var named []row
	for i, name := range programme.ElementNames("subscriptions", s.Target.Subscriptions) {
		if s.changes("subscription", name) {
			all[i]["name"] = name
			named = append(named, all[i])
		}
	}
	return tx.put(ctx, "subscriptions", named, `
		with x as (
			select row_number() over () as n, r.* from jsonb_to_recordset($1) r(name text, report text, people text[], role text, format text, language text, source text)
		), there as (`+namedSubscriptions+`
		), corrected as (
			update subscription s set people = x.people, format = x.format, language = x.language, source = x.source
			from x join there t using (name) where s.id = t.id
		)
		insert into subscription (report, people, role, format, language, source)
		select x.report, x.people, x.role, x.format, x.language, x.source
		from x left join there t using (name) where t.id is null order by x.n`)
}

const schedules = `
	select ref, report, task, spec, timezone, starts_on, allow_or, holiday, catch_up, catch_up_limit, grace, deadline, overlap, jitter, enabled, source
	from schedule where retired_at is null or $1 order by id`

// saveSchedules saves schedules and when each fires next, which is counted anew from now after any edit.
func (tx *Tx) saveSchedules(ctx context.Context, list []programme.Schedule, fires map[string]*time.Time) error {
	due := rows(list)
	for i, s := range list {
		if at := fires[s.Ref]; at != nil {
			due[i]["next_fire_at"] = *at
		}
	}
	return tx.put(ctx, "schedules", due, `
		insert into schedule (ref, report, task, spec, timezone, starts_on, allow_or, holiday, catch_up, catch_up_limit, grace, deadline, overlap,
			jitter, enabled, next_fire_at, source, updated_at)
		select x.ref, x.report, x.task, x.spec, x.timezone, x.starts_on, coalesce(x.allow_or, false), x.holiday, x.catch_up, x.catch_up_limit, x.grace,
			x.deadline, x.overlap, x.jitter, x.enabled, x.next_fire_at, x.source, $2
		from jsonb_to_recordset($1) x(n int, ref text, report text, task text, spec text, timezone text, starts_on date, allow_or boolean,
			holiday text, catch_up text, catch_up_limit int, grace text, deadline text, overlap text, jitter text, enabled boolean,
			next_fire_at timestamptz, source text)
		order by x.n
		on conflict (ref) do update set (report, task, spec, timezone, starts_on, allow_or, holiday, catch_up, catch_up_limit, grace, deadline,
				overlap, jitter, enabled, next_fire_at, revision, source, retired_at, updated_at) =
			(excluded.report, excluded.task, excluded.spec, excluded.timezone, excluded.starts_on, excluded.allow_or, excluded.holiday,
				excluded.catch_up, excluded.catch_up_limit, excluded.grace, excluded.deadline, excluded.overlap, excluded.jitter, excluded.enabled,
				case when schedule.paused_at is null then excluded.next_fire_at end, schedule.revision + 1,
				excluded.source, null, excluded.updated_at)`)
}
