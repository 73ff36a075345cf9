package store

import (
	"context"

	"secretariat/programme"
)

const organisations = `
	select ref, name, kind, country, city, source from organisation where retired_at is null or $1 order by id`

const putOrganisations = `
	insert into organisation (ref, name, kind, country, city, source, updated_at)
	select x.ref, x.name, x.kind, x.country, x.city, x.source, $2
	from jsonb_to_recordset($1) x(n int, ref text, name jsonb, kind text, country text, city text, source text)
	order by x.n
	on conflict (ref) do update set (name, kind, country, city, source, retired_at, updated_at) =
		(excluded.name, excluded.kind, excluded.country, excluded.city, excluded.source, null, excluded.updated_at)`

const people = `
	select p.ref, p.name, p.salutation, o.ref as organisation, p.email, p.language, p.timezone, p.country, p.roles, p.weekend,
		p.work_hours, p.clearance, p.active, p.source
	from person p join organisation o on o.id = p.organisation_id
	where p.retired_at is null or $1
	order by p.id`

const putPeople = `
	insert into person (ref, name, salutation, organisation_id, email, language, timezone, country, roles, weekend, work_hours,
		clearance, active, source, updated_at)
	select x.ref, x.name, x.salutation, o.id, x.email, x.language, x.timezone, x.country, coalesce(x.roles, '{}'),
		coalesce(x.weekend, '{}'), x.work_hours, x.clearance, x.active, x.source, $2
	from jsonb_to_recordset($1) x(n int, ref text, name text, salutation text, organisation text, email text, language text,
		timezone text, country text, roles text[], weekend text[], work_hours text, clearance text, active boolean, source text)
	left join organisation o on o.ref = x.organisation
	order by x.n
	on conflict (ref) do update set (name, salutation, organisation_id, email, language, timezone, country, roles, weekend,
			work_hours, clearance, active, source, retired_at, updated_at) =
		(excluded.name, excluded.salutation, excluded.organisation_id, excluded.email, excluded.language, excluded.timezone,
			excluded.country, excluded.roles, excluded.weekend, excluded.work_hours, excluded.clearance, excluded.active,
			excluded.source, null, excluded.updated_at)`

const agreements = `
	select a.ref, a.kind, a.title, a.edition, p.parties, a.signed_on, a.adopted_on, a.place, a.valid_from, a.valid_until,
		i.ref as implements, a.symbol, a.source
	from agreement a
	left join agreement i on i.id = a.implements_id
	left join (
		select p.agreement_id, array_agg(o.ref order by p.position) as parties
		from agreement_party p join organisation o on o.id = p.organisation_id
		group by p.agreement_id) p on p.agreement_id = a.id
	where a.retired_at is null or $1
	order by a.id`

const pillars = `select ref, title, source from pillar where retired_at is null or $1 order by id`

const areas = `
	select a.ref, a.title, g.ref as agreement, a.pillars, a.source
	from area a join agreement g on g.id = a.agreement_id
	where a.retired_at is null or $1
	order by a.id`

// saveAgreements saves agreements, pillars and areas. What an agreement implements may be saved with it, hence the two steps.
func (tx *Tx) saveAgreements(ctx context.Context, t programme.Programme) error {
	err := tx.put(ctx, "agreements", rows(t.Agreements), `
		insert into agreement (ref, kind, title, edition, signed_on, adopted_on, place, valid_from, valid_until, symbol, source, updated_at)
		select x.ref, x.kind, x.title, x.edition, x.signed_on, x.adopted_on, x.place, x.valid_from, x.valid_until, x.symbol, x.source, $2
		from jsonb_to_recordset($1) x(n int, ref text, kind text, title jsonb, edition text, signed_on date, adopted_on date, place jsonb,
			valid_from date, valid_until date, symbol text, source text)
		order by x.n
		on conflict (ref) do update set (kind, title, edition, signed_on, adopted_on, place, valid_from, valid_until, symbol, source,
				retired_at, updated_at) =
			(excluded.kind, excluded.title, excluded.edition, excluded.signed_on, excluded.adopted_on, excluded.place,
				excluded.valid_from, excluded.valid_until, excluded.symbol, excluded.source, null, excluded.updated_at)`, `
		update agreement a set implements_id = (select id from agreement where ref = x.implements)
		from jsonb_to_recordset($1) x(ref text, implements text) where a.ref = x.ref`, `
		delete from agreement_party p using jsonb_to_recordset($1) x(ref text), agreement a
		where a.ref = x.ref and p.agreement_id = a.id`, `
		insert into agreement_party (agreement_id, position, organisation_id)
		select a.id, p.position, (select id from organisation where ref = p.ref)
		from jsonb_to_recordset($1) x(ref text, parties text[])
		join agreement a on a.ref = x.ref, unnest(x.parties) with ordinality p(ref, position)`)
	if err != nil {
		return err
	}
	err = tx.put(ctx, "pillars", rows(t.Pillars), `
		insert into pillar (ref, title, source, updated_at)
		select x.ref, x.title, x.source, $2 from jsonb_to_recordset($1) x(n int, ref text, title jsonb, source text)
		order by x.n
		on conflict (ref) do update set (title, source, retired_at, updated_at) = (excluded.title, excluded.source, null, excluded.updated_at)`)
	if err != nil {
		return err
	}
	return tx.put(ctx, "areas", rows(t.Areas), `
		insert into area (ref, title, agreement_id, pillars, source, updated_at)
		select x.ref, x.title, (select id from agreement where ref = x.agreement), coalesce(x.pillars, '{}'), x.source, $2
		from jsonb_to_recordset($1) x(n int, ref text, title jsonb, agreement text, pillars text[], source text)
		order by x.n
		on conflict (ref) do update set (title, agreement_id, pillars, source, retired_at, updated_at) =
			(excluded.title, excluded.agreement_id, excluded.pillars, excluded.source, null, excluded.updated_at)`)
}
