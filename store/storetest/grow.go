package storetest

import (
	"testing"

	"secretariat/store"
)

// Grow multiplies the activities of the programme in a database until there are n, with their updates, revisions,
// milestones and transactions: copies of those that are there, with dates moved about within two years, so that every
// state, delay and area occurs in its share. The same programme grows in the same way each time.
func Grow(t testing.TB, s *store.Store, n int) {
	t.Helper()
	Exec(t, s, grown, n)
	Exec(t, s, `analyze activity, activity_update, activity_revision, milestone, transaction`)
}

// grown numbers the activities that are there and lays rounds of copies upon them; shift is the number of days by which a
// copy's dates differ. A copy names itself behind its title.
const grown = `
	with seed as (
		select row_number() over (order by id) as i, count(*) over () as seeds, a.* from activity a where retired_at is null
	), copy as (
		select s.id as old_id, s.ref || '-' || round as ref, round * s.seeds + s.i as number, (round * 37 + s.i * 11)::int % 13 - 6 as shift,
		       (select jsonb_object_agg(key, value || ' (' || round || ')') from jsonb_each_text(s.title)) as title, round,
		       area_id, result_id, kind, lead_id, focal_point_id, status, starts_on, due_on, original_due_on, closed_on, percent, country, confidentiality
		from   seed s cross join generate_series(1, $1::bigint / (select count(*) from seed) + 1) as round
	), made as (
		insert into activity (ref, title, area_id, result_id, kind, lead_id, focal_point_id, status, starts_on, due_on, original_due_on, closed_on,
		                      percent, country, confidentiality)
		select ref, title, area_id, result_id, kind, lead_id, focal_point_id, status, starts_on + shift, due_on + shift, original_due_on + shift,
		       closed_on - abs(shift), percent, country, confidentiality
		from   copy where number <= $1
		returning id, ref
	), known as (
		select m.id as new_id, c.old_id, c.shift, c.round from made m join copy c using (ref)
	), updates as (
		insert into activity_update (activity_id, updated_on, percent, note, by_id)
		select k.new_id, u.updated_on - abs(k.shift), u.percent, u.note, u.by_id from known k join activity_update u on u.activity_id = k.old_id order by k.new_id, u.id
	), milestones as (
		insert into milestone (activity_id, ref, title, due_on, original_due_on, met_on)
		select k.new_id, m.ref || '-' || k.round, m.title, m.due_on + k.shift, m.original_due_on + k.shift, m.met_on - abs(k.shift)
		from   known k join milestone m on m.activity_id = k.old_id where m.retired_at is null
	), revisions as (
		insert into activity_revision (activity_id, revised_on, from_on, to_on, reason, by_id)
		select k.new_id, r.revised_on - abs(k.shift), r.from_on + k.shift, r.to_on + k.shift, r.reason, r.by_id
		from   known k join activity_revision r on r.activity_id = k.old_id where r.milestone_id is null order by k.new_id, r.id
	)
	insert into transaction (contribution_id, kind, happened_on, amount, activity_id, note)
	select t.contribution_id, t.kind, t.happened_on - abs(k.shift), t.amount, k.new_id, t.note
	from   known k join transaction t on t.activity_id = k.old_id order by k.new_id, t.id`
