-- +goose Up
-- Schema report: agenda, papers, tallies, all action items and records of sessions. An action item has the level of its
-- session, a paper that of its distribution and of its session.

-- +goose StatementBegin
create function report.agenda_item(as_of timestamptz, clearance text)
returns table (session text, ref text, number int, title jsonb, purpose text, minutes int, presenter text, presenter_name text, state text, reason text)
language plpgsql stable security definer set search_path = public, pg_temp rows 100 as $$
#variable_conflict use_column
declare
    _sight int := report_sight(clearance);
begin
    return query
    select s.ref, a.ref, a.number, a.title::jsonb, a.purpose, a.minutes, p.ref, p.name, a.state, a.reason
    from   session_seen(_sight) s join agenda_item a on a.session_id = s.id left join person p on p.id = a.presenter_id
    where  a.state <> 'withdrawn'
    order  by s.opens_on, s.ref, a.number;
end
$$;

-- One row for each language in which a paper is owed. issued_on is null where it is not there on the day.
create function report.paper(as_of timestamptz, clearance text)
returns table (session text, ref text, symbol text, title jsonb, distribution text, language text, issued_on date)
language plpgsql stable security definer set search_path = public, pg_temp rows 200 as $$
#variable_conflict use_column
declare
    _day date := report_day(as_of);
    _sight int := report_sight(clearance);
begin
    return query
    select s.ref, d.ref, d.symbol, d.title::jsonb, d.distribution, l.language, case when v.issued_on <= _day then v.issued_on end
    from   session_seen(_sight) s
           join document d on d.session_id = s.id
           join council c on c.id = s.council_id
           join lateral (select unnest(c.working_languages) as language union select x.language from document_version x where x.document_id = d.id) l on true
           left join document_version v on v.document_id = d.id and v.language = l.language
    where  array_position(array['general', 'limited', 'restricted'], d.distribution) - 1 <= _sight
    order  by s.opens_on, s.ref, d.id, l.language;
end
$$;

-- Votes that were counted.
create function report.tally(as_of timestamptz, clearance text)
returns table (session text, decision text, votes_for int, votes_against int, abstained int)
language plpgsql stable security definer set search_path = public, pg_temp rows 100 as $$
#variable_conflict use_column
declare
    _day date := report_day(as_of);
    _sight int := report_sight(clearance);
begin
    return query
    select s.ref, d.ref, d.votes_for, d.votes_against, d.abstained
    from   session_seen(_sight) s join decision d on d.session_id = s.id
    where  d.votes_for is not null and d.decided_on <= _day
    order  by d.id;
end
$$;

create function report.action_item(as_of timestamptz, clearance text)
returns table (session text, ref text, decision text, text jsonb, owner text, owner_name text, backup_name text, due_on date, done_on date, evidence jsonb)
language plpgsql stable security definer set search_path = public, pg_temp rows 100 as $$
#variable_conflict use_column
declare
    _day date := report_day(as_of);
    _sight int := report_sight(clearance);
begin
    return query
    select s.ref, a.ref, d.ref, a.text::jsonb, p.ref, p.name, b.name, a.due_on, case when a.done_on <= _day then a.done_on end,
           case when a.done_on <= _day then a.evidence::jsonb end
    from   session_seen(_sight) s join action_item a on a.session_id = s.id join person p on p.id = a.owner_id left join person b on b.id = a.backup_id
           left join decision d on d.id = a.decision_id
    where  d.id is null or d.decided_on <= _day
    order  by a.due_on, a.id;
end
$$;

-- The record of a session, as far as it had come at the moment. kind is the council's where none has been begun.
create function report.record(as_of timestamptz, clearance text)
returns table (session text, kind text, state text, circulated_at timestamptz, corrections_until timestamptz, adopted_at timestamptz, adopted_in text)
language plpgsql stable security definer set search_path = public, pg_temp rows 50 as $$
#variable_conflict use_column
declare
    _sight int := report_sight(clearance);
begin
    return query
    select s.ref, coalesce(r.kind, c.record),
           case when r.adopted_at <= as_of then 'adopted' when r.circulated_at <= as_of then 'circulated' else 'draft' end,
           case when r.circulated_at <= as_of then r.circulated_at end, case when r.circulated_at <= as_of then r.corrections_until end,
           case when r.adopted_at <= as_of then r.adopted_at end, case when r.adopted_at <= as_of then t.ref end
    from   session_seen(_sight) s join council c on c.id = s.council_id left join record r on r.session_id = s.id left join session t on t.id = r.adopted_in
    order  by s.opens_on, s.ref;
end
$$;
-- +goose StatementEnd

revoke all on all functions in schema report from public;
