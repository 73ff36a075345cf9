package store

import (
	"context"

	"secretariat/programme"
)

// The parts of a council come as one column each. They are gathered council by council: joined as tables of their own,
// PostgreSQL, which thinks that there is one council, gathered those of all councils again for each.
const councils = `
	select c.ref, c.name, c.seat_city, c.country, c.timezone, c.calendar, h.ref as host, c.official_languages, c.working_languages,
		c.record, p.ref as parent,
		jsonb_build_object('title', c.mandate_title, 'symbol', c.mandate_symbol, 'source', c.mandate_source) as mandate,
		(select jsonb_agg(jsonb_build_object('ref', s.ref, 'label', s.label, 'organisation', o.ref, 'country', s.country,
				'voting', s.voting, 'member', m.ref, 'since', lower(m.term), 'until', upper(m.term) - 1, 'alternates',
				(select jsonb_agg(p.ref order by a.rank, a.id) from membership a join person p on p.id = a.person_id
				 where a.seat_id = s.id and a.capacity = 'alternate' and upper_inf(a.term)),
				'source', s.source) order by s.id)
			from seat s
			left join organisation o on o.id = s.organisation_id
			left join (select m.seat_id, p.ref, m.term from membership m join person p on p.id = m.person_id
				where m.capacity = 'member' and m.rank = 0) m on m.seat_id = s.id
			where s.council_id = c.id and (s.retired_at is null or $1)) as seats,
		(select jsonb_agg(jsonb_build_object('kind', o.kind, 'person', p.ref, 'since', lower(o.term),
				'until', upper(o.term) - 1, 'source', o.source) order by o.id)
			from office o join person p on p.id = o.person_id where o.council_id = c.id) as offices,
		(select jsonb_agg(jsonb_build_object('purpose', purpose, 'fraction', fraction, 'strict', strict, 'base', base,
				'needs_office', needs_office, 'second_convocation', second_convocation, 'grace', grace, 'source', source)
				order by purpose desc)
			from quorum_rule where council_id = c.id) as quorum,
		(select jsonb_agg(jsonb_build_object('ref', ref, 'title', title, side, anchor, 'by', "by", 'roll', roll,
				'duty_of', duty_of, 'hard', hard, 'done_when', done_when, 'consequence', consequence, 'source', source)
				order by position, id)
			from lead_time_rule where council_id = c.id and (retired_at is null or $1)) as timetable,
		(select jsonb_agg(jsonb_build_object('ref', ref, 'title', title, side, anchor, 'by', "by", 'to', audience,
				'template', template, 'local_hour', local_hour, 'grace', grace, 'source', source) order by position, id)
			from reminder_rule where council_id = c.id and (retired_at is null or $1)) as reminders,
		(select jsonb_agg(jsonb_build_object('ref', ref, 'rule', rule, 'local_start', local_start, 'lasts', lasts,
				'keep_ahead', keep_ahead, 'until', until, 'source', source) order by id)
			from session_series where council_id = c.id and (retired_at is null or $1)) as series,
		c.source
	from council c
	left join organisation h on h.id = c.host_id
	left join council p on p.id = c.parent_id
	where c.retired_at is null or $1
	order by c.id`

// councils loads councils and gives each its sessions.
func (tx *Tx) councils(ctx context.Context, retired bool) (list []programme.Council, err error) {
	if err := tx.list(ctx, &list, "councils", councils, retired); err != nil {
		return nil, err
	}
	var found []programme.Session
	if err := tx.list(ctx, &found, "sessions", sessions, retired); err != nil {
		return nil, err
	}
	var owners []string
	if err := tx.SelectContext(ctx, &owners, sessionOwners, retired); err != nil {
		return nil, err
	}
	for i := range list {
		for j, owner := range owners {
			if owner == list[i].Ref {
				list[i].Sessions = append(list[i].Sessions, found[j])
			}
		}
	}
	return list, nil
}

// saveCouncils saves councils with seats, offices and rules; sessions aside. Offices and quorum are as the file says; seats and
// rules that are not in the target are retired.
func (tx *Tx) saveCouncils(ctx context.Context, list []programme.Council) error {
	err := tx.put(ctx, "councils", rows(list), `
		insert into council (ref, name, seat_city, country, timezone, calendar, host_id, official_languages, working_languages, record,
			mandate_title, mandate_symbol, mandate_source, source, updated_at)
		select x.ref, x.name, x.seat_city, x.country, x.timezone, x.calendar, (select id from organisation where ref = x.host),
			coalesce(x.official_languages, '{}'), coalesce(x.working_languages, '{}'), x.record, x.mandate -> 'title',
			x.mandate ->> 'symbol', x.mandate ->> 'source', x.source, $2
		from jsonb_to_recordset($1) x(n int, ref text, name jsonb, seat_city jsonb, country text, timezone text, calendar text, host text,
			official_languages text[], working_languages text[], record text, mandate jsonb, source text)
		order by x.n
		on conflict (ref) do update set (name, seat_city, country, timezone, calendar, host_id, official_languages, working_languages,
				record, mandate_title, mandate_symbol, mandate_source, source, retired_at, updated_at) =
			(excluded.name, excluded.seat_city, excluded.country, excluded.timezone, excluded.calendar, excluded.host_id,
				excluded.official_languages, excluded.working_languages, excluded.record, excluded.mandate_title,
				excluded.mandate_symbol, excluded.mandate_source, excluded.source, null, excluded.updated_at)`, `
		update council c set parent_id = (select id from council where ref = x.parent)
		from jsonb_to_recordset($1) x(ref text, parent text) where c.ref = x.ref`, `
		delete from office o using jsonb_to_recordset($1) x(ref text), council c where c.ref = x.ref and o.council_id = c.id`, `
		delete from quorum_rule q using jsonb_to_recordset($1) x(ref text), council c where c.ref = x.ref and q.council_id = c.id`,
		retireParts("seat", "seats"), retireParts("lead_time_rule", "timetable"),
		retireParts("reminder_rule", "reminders"), retireParts("session_series", "series"))
	if err != nil {
		return err
	}
	if err := tx.saveSeats(ctx, list); err != nil {
		return err
	}
	offices := parts(list, "offices", func(c programme.Council) (string, []programme.Office) { return c.Ref, c.Offices })
	err = tx.put(ctx, "offices", offices, `
		insert into office (council_id, kind, person_id, term, source)
		select c.id, x.kind, (select id from person where ref = x.person), daterange(x.since, x.until, '[]'), x.source
		from (select row_number() over () as n, r.* from jsonb_to_recordset($1) r(parent text, kind text, person text, since date,
			until date, source text)) x
		join council c on c.ref = x.parent order by x.n`)
	if err != nil {
		return err
	}
	return tx.saveRules(ctx, list)
}

// retireParts retires the parts of councils that the target does not name.
func retireParts(table, key string) string {
	return `
		update ` + table + ` s set retired_at = $2
		from jsonb_to_recordset($1) x(ref text, ` + key + ` jsonb), council c
		where c.ref = x.ref and s.council_id = c.id and s.retired_at is null
			and not exists (select from jsonb_array_elements(x.` + key + `) e where e ->> 'ref' = s.ref)`
}

func (tx *Tx) saveRules(ctx context.Context, list []programme.Council) error {
	quorum := parts(list, "quorum", func(c programme.Council) (string, []programme.QuorumRule) { return c.Ref, c.Quorum })
	err := tx.put(ctx, "quorum rules", quorum, `
		insert into quorum_rule (council_id, purpose, fraction, strict, base, needs_office, second_convocation, grace, source)
		select c.id, x.purpose, x.fraction, x.strict, x.base, coalesce(x.needs_office, '{}'), x.second_convocation, x.grace, x.source
		from jsonb_to_recordset($1) x(parent text, purpose text, fraction text, strict boolean, base text, needs_office text[],
			second_convocation text, grace text, source text)
		join council c on c.ref = x.parent`)
	if err != nil {
		return err
	}
	timetable := parts(list, "timetable", func(c programme.Council) (string, []programme.LeadTimeRule) { return c.Ref, c.Timetable })
	err = tx.put(ctx, "timetable", timetable, `
		insert into lead_time_rule (council_id, position, ref, title, anchor, side, "by", roll, duty_of, hard, done_when, consequence, source, updated_at)
		select c.id, x.n, x.ref, x.title, coalesce(x.before, x.after), case when x.before is null then 'after' else 'before' end, x."by",
			x.roll, x.duty_of, x.hard, x.done_when, x.consequence, x.source, $2
		from jsonb_to_recordset($1) x(parent text, n int, ref text, title jsonb, before text, after text, "by" text, roll text,
			duty_of text, hard boolean, done_when text, consequence jsonb, source text)
		join council c on c.ref = x.parent
		on conflict (council_id, ref) do update set (position, title, anchor, side, "by", roll, duty_of, hard, done_when, consequence,
				source, retired_at, updated_at) =
			(excluded.position, excluded.title, excluded.anchor, excluded.side, excluded."by", excluded.roll, excluded.duty_of,
				excluded.hard, excluded.done_when, excluded.consequence, excluded.source, null, excluded.updated_at)`)
	if err != nil {
		return err
	}
	reminders := parts(list, "reminders", func(c programme.Council) (string, []programme.ReminderRule) { return c.Ref, c.Reminders })
	err = tx.put(ctx, "reminders", reminders, `
		insert into reminder_rule (council_id, position, ref, title, anchor, side, "by", audience, template, local_hour, grace, source, updated_at)
		select c.id, x.n, x.ref, x.title, coalesce(x.before, x.after), case when x.before is null then 'after' else 'before' end, x."by",
			x."to", x.template, x.local_hour, x.grace, x.source, $2
		from jsonb_to_recordset($1) x(parent text, n int, ref text, title jsonb, before text, after text, "by" text, "to" text,
			template text, local_hour int, grace text, source text)
		join council c on c.ref = x.parent
		on conflict (council_id, ref) do update set (position, title, anchor, side, "by", audience, template, local_hour, grace,
				source, retired_at, updated_at) =
			(excluded.position, excluded.title, excluded.anchor, excluded.side, excluded."by", excluded.audience, excluded.template,
				excluded.local_hour, excluded.grace, excluded.source, null, excluded.updated_at)`)
	if err != nil {
		return err
	}
	series := parts(list, "series", func(c programme.Council) (string, []programme.Series) { return c.Ref, c.Series })
	return tx.put(ctx, "series", series, `
		insert into session_series (council_id, ref, rule, local_start, lasts, keep_ahead, until, source, updated_at)
		select c.id, x.ref, x.rule, x.local_start, x.lasts, x.keep_ahead, x.until, x.source, $2
		from jsonb_to_recordset($1) x(parent text, ref text, rule text, local_start text, lasts text, keep_ahead int, until date, source text)
		join council c on c.ref = x.parent
		on conflict (council_id, ref) do update set (rule, local_start, lasts, keep_ahead, until, source, retired_at, updated_at) =
			(excluded.rule, excluded.local_start, excluded.lasts, excluded.keep_ahead, excluded.until, excluded.source, null, excluded.updated_at)`)
}
