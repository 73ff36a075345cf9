package store

import (
	"context"

	"secretariat/programme"
)

// saveSeats saves seats, their members and their alternates. The membership of the member that the programme file names has
// rank 0; those before it have rank -1. Alternates who left have a term that ended.
func (tx *Tx) saveSeats(ctx context.Context, list []programme.Council) error {
	seats := parts(list, "seats", func(c programme.Council) (string, []programme.Seat) { return c.Ref, c.Seats })
	return tx.put(ctx, "seats", seats, `
		insert into seat (council_id, ref, label, organisation_id, country, voting, source, updated_at)
		select c.id, x.ref, x.label, (select id from organisation where ref = x.organisation), x.country, x.voting, x.source, $2
		from (select row_number() over () as n, r.* from jsonb_to_recordset($1) r(parent text, ref text, label jsonb, organisation text,
			country text, voting boolean, source text)) x
		join council c on c.ref = x.parent
		order by x.n
		on conflict (council_id, ref) do update set (label, organisation_id, country, voting, source, retired_at, updated_at) =
			(excluded.label, excluded.organisation_id, excluded.country, excluded.voting, excluded.source, null, excluded.updated_at)`,
		// A predecessor whose term would be empty never held the seat: the file corrected the name.
		seatRows+`
		delete from membership m using x
		where m.seat_id = x.seat_id and m.capacity = 'member' and m.rank = 0 and m.person_id is distinct from x.person_id
			and isempty(m.term * daterange(null, coalesce(x.since, case when x.person_id is null then $2::timestamptz::date else '-infinity' end), '[)'))`,
		seatRows+`
		update membership m set rank = -1, term = m.term * daterange(null, coalesce(x.since, $2::timestamptz::date), '[)'), updated_at = $2
		from x
		where m.seat_id = x.seat_id and m.capacity = 'member' and m.rank = 0 and m.person_id is distinct from x.person_id`,
		seatRows+`
		update membership m set term = daterange(x.since, x.until, '[]'), updated_at = $2
		from x
		where m.seat_id = x.seat_id and m.capacity = 'member' and m.rank = 0 and m.person_id = x.person_id
			and m.term <> daterange(x.since, x.until, '[]')`,
		seatRows+`
		insert into membership (seat_id, person_id, capacity, rank, term, updated_at)
		select x.seat_id, x.person_id, 'member', 0, daterange(x.since, x.until, '[]'), $2
		from x left join membership m on m.seat_id = x.seat_id and m.capacity = 'member' and m.rank = 0
		where m.id is null and x.person_id is not null`,
		alternateRows+`
		delete from membership m using seats
		where m.seat_id = seats.seat_id and m.capacity = 'alternate' and upper_inf(m.term) and lower(m.term) >= $2::timestamptz::date
			and not exists (select from x where x.seat_id = m.seat_id and x.person_id = m.person_id)`,
		alternateRows+`
		update membership m set term = daterange(lower(m.term), $2::timestamptz::date, '[)'), updated_at = $2
		from seats
		where m.seat_id = seats.seat_id and m.capacity = 'alternate' and upper_inf(m.term)
			and not exists (select from x where x.seat_id = m.seat_id and x.person_id = m.person_id)`,
		alternateRows+`
		update membership m set rank = x.rank, updated_at = $2
		from x
		where m.seat_id = x.seat_id and m.person_id = x.person_id and m.capacity = 'alternate' and upper_inf(m.term) and m.rank <> x.rank`,
		alternateRows+`
		insert into membership (seat_id, person_id, capacity, rank, term, updated_at)
		select x.seat_id, x.person_id, 'alternate', x.rank, daterange(null, null), $2
		from x left join membership m on m.seat_id = x.seat_id and m.person_id = x.person_id and m.capacity = 'alternate' and upper_inf(m.term)
		where m.id is null
		order by x.seat_id, x.rank`)
}

// seatRows is each seat with the member that the file names, if any.
const seatRows = `
	with x as (
		select s.id as seat_id, p.id as person_id, r.since, r.until
		from jsonb_to_recordset($1) r(parent text, ref text, member text, since date, until date)
		join council c on c.ref = r.parent
		join seat s on s.council_id = c.id and s.ref = r.ref
		left join person p on p.ref = r.member
	)`

// alternateRows is each seat, and each alternate that the file names.
const alternateRows = `
	with seats as (
		select s.id as seat_id, r.alternates
		from jsonb_to_recordset($1) r(parent text, ref text, alternates text[])
		join council c on c.ref = r.parent
		join seat s on s.council_id = c.id and s.ref = r.ref
	), x as (
		select seats.seat_id, p.id as person_id, a.rank::int as rank
		from seats, unnest(seats.alternates) with ordinality a(ref, rank) join person p on p.ref = a.ref
	)`
