package store

import (
	"context"

	"secretariat/programme"
)

const results = `
	select r.ref, r.level, r.title, a.ref as area, p.ref as parent, r.source
	from result r join area a on a.id = r.area_id left join result p on p.id = r.parent_id
	where r.retired_at is null or $1
	order by r.id`

const indicators = `
	select i.ref, r.ref as result, i.title, i.unit, i.direction, i.cumulative,
		jsonb_build_object('value', i.baseline_value, 'year', i.baseline_year) as baseline, p.periods, i.source
	from indicator i join result r on r.id = i.result_id
	left join (
		select indicator_id, jsonb_agg(jsonb_build_object('from', from_on, 'to', to_on, 'target', target, 'actual', actual,
			'status', status, 'note', note, 'source', source) order by from_on, to_on) as periods
		from indicator_period group by indicator_id) p on p.indicator_id = i.id
	where i.retired_at is null or $1
	order by i.id`

// saveResults saves results and indicators. A result and its parent may come together, hence the two steps.
func (tx *Tx) saveResults(ctx context.Context, t programme.Programme) error {
	err := tx.put(ctx, "results", rows(t.Results), `
		insert into result (ref, level, title, area_id, source, updated_at)
		select x.ref, x.level, x.title, (select id from area where ref = x.area), x.source, $2
		from jsonb_to_recordset($1) x(n int, ref text, level text, title jsonb, area text, source text)
		order by x.n
		on conflict (ref) do update set (level, title, area_id, source, retired_at, updated_at) =
			(excluded.level, excluded.title, excluded.area_id, excluded.source, null, excluded.updated_at)`, `
		update result r set parent_id = (select id from result where ref = x.parent)
		from jsonb_to_recordset($1) x(ref text, parent text) where r.ref = x.ref`)
	if err != nil {
		return err
	}
	err = tx.put(ctx, "indicators", rows(t.Indicators), `
		insert into indicator (ref, result_id, title, unit, direction, cumulative, baseline_value, baseline_year, source, updated_at)
		select x.ref, (select id from result where ref = x.result), x.title, x.unit, x.direction, x.cumulative,
			(x.baseline ->> 'value')::numeric, (x.baseline ->> 'year')::int, x.source, $2
		from jsonb_to_recordset($1) x(n int, ref text, result text, title jsonb, unit jsonb, direction text, cumulative boolean,
			baseline jsonb, source text)
		order by x.n
		on conflict (ref) do update set (result_id, title, unit, direction, cumulative, baseline_value, baseline_year, source,
				retired_at, updated_at) =
			(excluded.result_id, excluded.title, excluded.unit, excluded.direction, excluded.cumulative, excluded.baseline_value,
				excluded.baseline_year, excluded.source, null, excluded.updated_at)`)
	if err != nil {
		return err
	}
	periods := parts(t.Indicators, "periods", func(i programme.Indicator) (string, []programme.IndicatorPeriod) { return i.Ref, i.Periods })
	return tx.put(ctx, "indicator periods", periods, `
		insert into indicator_period (indicator_id, from_on, to_on, target, actual, status, note, source)
		select i.id, x."from", x."to", x.target, x.actual, x.status, x.note, x.source
		from jsonb_to_recordset($1) x(parent text, "from" date, "to" date, target numeric, actual numeric, status text, note jsonb, source text)
		join indicator i on i.ref = x.parent
		on conflict (indicator_id, from_on, to_on) do update set (target, actual, status, note, source) =
			(excluded.target, excluded.actual, excluded.status, excluded.note, excluded.source)`)
}

const activities = `
	select a.ref, a.title, ar.ref as area, r.ref as result, a.kind, l.ref as lead, f.ref as focal_point, a.status, a.starts_on, a.due_on,
		a.original_due_on, a.closed_on, a.percent, a.country, a.confidentiality, v.revisions, m.milestones, u.updates, a.source
	from activity a
	join area ar on ar.id = a.area_id
	left join result r on r.id = a.result_id
	join organisation l on l.id = a.lead_id
	join person f on f.id = a.focal_point_id
	left join (
		select v.activity_id, jsonb_agg(jsonb_build_object('date', v.revised_on, 'from', v.from_on, 'to', v.to_on, 'reason', v.reason,
			'by', p.ref, 'source', v.source) order by v.revised_on, v.id) as revisions
		from activity_revision v left join person p on p.id = v.by_id
		where v.milestone_id is null group by v.activity_id) v on v.activity_id = a.id
	left join (
		select m.activity_id, jsonb_agg(jsonb_build_object('ref', m.ref, 'title', m.title, 'due_on', m.due_on,
			'original_due_on', m.original_due_on, 'met_on', m.met_on, 'revisions', v.revisions, 'source', m.source) order by m.id) as milestones
		from milestone m
		left join (
			select v.milestone_id, jsonb_agg(jsonb_build_object('date', v.revised_on, 'from', v.from_on, 'to', v.to_on, 'reason', v.reason,
				'by', p.ref, 'source', v.source) order by v.revised_on, v.id) as revisions
			from activity_revision v left join person p on p.id = v.by_id
			group by v.milestone_id) v on v.milestone_id = m.id
		where m.retired_at is null or $1
		group by m.activity_id) m on m.activity_id = a.id
	left join (
		select u.activity_id, jsonb_agg(jsonb_build_object('date', u.updated_on, 'percent', u.percent, 'note', u.note, 'by', p.ref,
			'source', u.source) order by u.updated_on, u.id) as updates
		from activity_update u join person p on p.id = u.by_id
		group by u.activity_id) u on u.activity_id = a.id
	where a.retired_at is null or $1
	order by a.id`

// saveActivities saves activities with milestones, revisions and updates.
func (tx *Tx) saveActivities(ctx context.Context, list []programme.Activity) error {
	err := tx.put(ctx, "activities", rows(list), `
		insert into activity (ref, title, area_id, result_id, kind, lead_id, focal_point_id, status, starts_on, due_on, original_due_on,
			closed_on, percent, country, confidentiality, source, updated_at)
		select x.ref, x.title, (select id from area where ref = x.area), (select id from result where ref = x.result), x.kind,
			(select id from organisation where ref = x.lead), (select id from person where ref = x.focal_point), x.status, x.starts_on,
			x.due_on, coalesce(x.original_due_on, x.due_on), x.closed_on, x.percent, x.country, x.confidentiality, x.source, $2
		from jsonb_to_recordset($1) x(n int, ref text, title jsonb, area text, result text, kind text, lead text, focal_point text,
			status text, starts_on date, due_on date, original_due_on date, closed_on date, percent int, country text,
			confidentiality text, source text)
		order by x.n
		on conflict (ref) do update set (title, area_id, result_id, kind, lead_id, focal_point_id, status, starts_on, due_on,
				original_due_on, closed_on, percent, country, confidentiality, source, retired_at, updated_at) =
			(excluded.title, excluded.area_id, excluded.result_id, excluded.kind, excluded.lead_id, excluded.focal_point_id,
				excluded.status, excluded.starts_on, excluded.due_on, excluded.original_due_on, excluded.closed_on, excluded.percent,
				excluded.country, excluded.confidentiality, excluded.source, null, excluded.updated_at)`, `
		update milestone m set retired_at = $2
		from jsonb_to_recordset($1) x(ref text, milestones jsonb), activity a
		where a.ref = x.ref and m.activity_id = a.id and m.retired_at is null
			and not exists (select from jsonb_array_elements(x.milestones) e where e ->> 'ref' = m.ref)`)
	if err != nil {
		return err
	}
	milestones := parts(list, "milestones", func(a programme.Activity) (string, []programme.Milestone) { return a.Ref, a.Milestones })
	err = tx.put(ctx, "milestones", milestones, `
		insert into milestone (activity_id, ref, title, due_on, original_due_on, met_on, source, updated_at)
		select a.id, x.ref, x.title, x.due_on, coalesce(x.original_due_on, x.due_on), x.met_on, x.source, $2
		from (select row_number() over () as n, r.* from jsonb_to_recordset($1) r(parent text, ref text, title jsonb, due_on date,
			original_due_on date, met_on date, source text)) x
		join activity a on a.ref = x.parent
		order by x.n
		on conflict (ref) do update set (activity_id, title, due_on, original_due_on, met_on, source, retired_at, updated_at) =
			(excluded.activity_id, excluded.title, excluded.due_on, excluded.original_due_on, excluded.met_on, excluded.source, null, excluded.updated_at)`)
	if err != nil {
		return err
	}
	if err := tx.saveRevisions(ctx, list); err != nil {
		return err
	}
	updates := parts(list, "updates", func(a programme.Activity) (string, []programme.Update) { return a.Ref, a.Updates })
	return tx.put(ctx, "updates", updates, `
		with x as (
			select r.n, a.id as activity_id, p.id as by_id, r.date, r.ord, r.percent, r.note, r.source
			from jsonb_to_recordset($1) r(parent text, n int, ord int, date date, percent int, note jsonb, by text, source text)
			join activity a on a.ref = r.parent left join person p on p.ref = r.by
		), there as (
			select id, activity_id, by_id, updated_on as date, row_number() over (partition by activity_id, updated_on, by_id order by id) as ord
			from activity_update where activity_id in (select activity_id from x)
		), corrected as (
			update activity_update u set percent = x.percent, note = x.note, source = x.source
			from x join there t using (activity_id, by_id, date, ord) where u.id = t.id
				and (u.percent, u.note::jsonb, u.source) is distinct from (x.percent, x.note, x.source)
		)
		insert into activity_update (activity_id, updated_on, percent, note, by_id, source)
		select x.activity_id, x.date, x.percent, x.note, x.by_id, x.source
		from x left join there t using (activity_id, by_id, date, ord) where t.id is null order by x.n`)
}

// saveRevisions saves the moves of the due dates of activities and of milestones.
func (tx *Tx) saveRevisions(ctx context.Context, list []programme.Activity) error {
	moves := parts(list, "revisions", func(a programme.Activity) (string, []programme.Revision) { return a.Ref, a.Revisions })
	for _, a := range list {
		own := parts(a.Milestones, "revisions", func(m programme.Milestone) (string, []programme.Revision) { return m.Ref, m.Revisions })
		for _, r := range own {
			r["milestone"], r["parent"] = r["parent"], a.Ref
		}
		moves = append(moves, own...)
	}
	return tx.put(ctx, "revisions", moves, `
		with x as (
			select r.n, a.id as activity_id, coalesce(m.id, 0) as milestone, r.date, r.ord, r."from", r."to", r.reason,
				(select id from person where ref = r.by) as by_id, r.source
			from jsonb_to_recordset($1) r(parent text, n int, milestone text, ord int, date date, "from" date, "to" date, reason jsonb, by text, source text)
			join activity a on a.ref = r.parent left join milestone m on m.ref = r.milestone
		), there as (
			select id, activity_id, coalesce(milestone_id, 0) as milestone, revised_on as date,
				row_number() over (partition by activity_id, milestone_id, revised_on order by id) as ord
			from activity_revision where activity_id in (select activity_id from x)
		), corrected as (
			update activity_revision v set from_on = x."from", to_on = x."to", reason = x.reason, by_id = x.by_id, source = x.source
			from x join there t using (activity_id, milestone, date, ord) where v.id = t.id
				and (v.from_on, v.to_on, v.reason::jsonb, v.by_id, v.source) is distinct from (x."from", x."to", x.reason, x.by_id, x.source)
		)
		insert into activity_revision (activity_id, milestone_id, revised_on, from_on, to_on, reason, by_id, source)
		select x.activity_id, nullif(x.milestone, 0), x.date, x."from", x."to", x.reason, x.by_id, x.source
		from x left join there t using (activity_id, milestone, date, ord) where t.id is null order by x.n`)
}
