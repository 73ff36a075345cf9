package store

const events = `
	select e.ref, e.title, r.ref as area, a.ref as activity, e.kind, e.starts_at, e.ends_at, e.place, e.mode, e.status, e.participants,
		e.countries, e.reason, e.previously, e.source
	from event e left join area r on r.id = e.area_id left join activity a on a.id = e.activity_id
	where e.retired_at is null or $1
	order by e.id`

const putEvents = `
	insert into event (ref, title, area_id, activity_id, kind, starts_at, ends_at, place, mode, status, participants, countries, reason,
		previously, source, updated_at)
	select x.ref, x.title, (select id from area where ref = x.area), (select id from activity where ref = x.activity), x.kind, x.starts_at,
		x.ends_at, x.place, x.mode, x.status, x.participants, coalesce(x.countries, '{}'), x.reason, coalesce(x.previously, '[]'), x.source, $2
	from jsonb_to_recordset($1) x(n int, ref text, title jsonb, area text, activity text, kind text, starts_at timestamptz,
		ends_at timestamptz, place jsonb, mode text, status text, participants int, countries text[], reason jsonb, previously jsonb, source text)
	order by x.n
	on conflict (ref) do update set (title, area_id, activity_id, kind, starts_at, ends_at, place, mode, status, participants, countries,
			reason, previously, source, retired_at, updated_at) =
		(excluded.title, excluded.area_id, excluded.activity_id, excluded.kind, excluded.starts_at, excluded.ends_at, excluded.place,
			excluded.mode, excluded.status, excluded.participants, excluded.countries, excluded.reason, excluded.previously,
			excluded.source, null, excluded.updated_at)`

const publications = `
	select p.ref, p.title, p.language, f.ref as "from", t.ref as "to", p.exchanged_on, p.received_on, p.kind, a.ref as activity, p.source
	from publication p
	join organisation f on f.id = p.from_id
	join organisation t on t.id = p.to_id
	left join activity a on a.id = p.activity_id
	where p.retired_at is null or $1
	order by p.id`

const putPublications = `
	insert into publication (ref, title, language, from_id, to_id, exchanged_on, received_on, kind, activity_id, source, updated_at)
	select x.ref, x.title, x.language, (select id from organisation where ref = x."from"), (select id from organisation where ref = x."to"),
		x.exchanged_on, x.received_on, x.kind, (select id from activity where ref = x.activity), x.source, $2
	from jsonb_to_recordset($1) x(n int, ref text, title jsonb, language text, "from" text, "to" text, exchanged_on date,
		received_on date, kind text, activity text, source text)
	order by x.n
	on conflict (ref) do update set (title, language, from_id, to_id, exchanged_on, received_on, kind, activity_id, source, retired_at, updated_at) =
		(excluded.title, excluded.language, excluded.from_id, excluded.to_id, excluded.exchanged_on, excluded.received_on,
			excluded.kind, excluded.activity_id, excluded.source, null, excluded.updated_at)`

const risks = `
	select r.ref, r.title, r.probability, r.impact, r.response, p.ref as owner, r.status, r.opened_on, r.source
	from risk r join person p on p.id = r.owner_id
	where r.retired_at is null or $1
	order by r.id`

const putRisks = `
	insert into risk (ref, title, probability, impact, response, owner_id, status, opened_on, source, updated_at)
	select x.ref, x.title, x.probability, x.impact, x.response, (select id from person where ref = x.owner), x.status, x.opened_on, x.source, $2
	from jsonb_to_recordset($1) x(n int, ref text, title jsonb, probability int, impact int, response jsonb, owner text, status text,
		opened_on date, source text)
	order by x.n
	on conflict (ref) do update set (title, probability, impact, response, owner_id, status, opened_on, source, retired_at, updated_at) =
		(excluded.title, excluded.probability, excluded.impact, excluded.response, excluded.owner_id, excluded.status,
			excluded.opened_on, excluded.source, null, excluded.updated_at)`

const holidays = `
	select calendar, date, name, status, working, source from holiday where retired_at is null or $1 order by calendar, date`

const putHolidays = `
	insert into holiday (calendar, date, name, status, working, source, updated_at)
	select x.calendar, x.date, x.name, x.status, x.working, x.source, $2
	from jsonb_to_recordset($1) x(calendar text, date date, name jsonb, status text, working boolean, source text)
	on conflict (calendar, date) do update set (name, status, working, source, retired_at, updated_at) =
		(excluded.name, excluded.status, excluded.working, excluded.source, null, excluded.updated_at)`
