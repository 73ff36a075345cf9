-- +goose Up
-- What certificates say: who was given notice and when, who was there from when to when, and what the chair found where there was
-- no quorum, kept as it was found.

alter table sitting -- of the finding that there is no quorum; null for a sitting that ended otherwise, or before this was kept
    add column required int,
    add column base_seats int,
    add column present_seats int,
    add column missing_offices text[],
    add column second_convocation boolean;

-- +goose StatementBegin
-- Who holds which office on the day of a session.
create function report.session_officer(as_of timestamptz, clearance text)
returns table (session text, kind text, person text, name text)
language plpgsql stable security definer set search_path = public, pg_temp rows 50 as $$
#variable_conflict use_column
declare
    _sight int := report_sight(clearance);
begin
    return query
    select s.ref, o.kind, p.ref, p.name
    from   session_seen(_sight) s join office o on o.council_id = s.council_id and o.term @> s.opens_on join person p on p.id = o.person_id
    order  by s.opens_on, s.ref, array_position(array['chair', 'vice-chair', 'rapporteur', 'secretary'], o.kind), o.id;
end
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- The line of the timetable that asks for the notice: that which is done when the session is confirmed; a hard one before others.
create function report.notice_rule(as_of timestamptz, clearance text)
returns table (session text, ref text, title jsonb, hard boolean, due_on date, due_at timestamptz, source text, waived_by_name text, waiver text)
language plpgsql stable security definer set search_path = public, pg_temp rows 50 as $$
#variable_conflict use_column
begin
    return query
    select distinct on (x.session) x.session, x.ref, x.title, x.hard, x.due_on, x.due_at, x.source, x.waived_by_name, x.waiver
    from   report.timetable_line(as_of, clearance) x
           join session s on s.ref = x.session join lead_time_rule l on l.council_id = s.council_id and l.ref = x.ref
    where  x.opens and l.done_when = 'session-confirmed'
    order  by x.session, x.hard desc, x.due_at, x.ref;
end
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- The first letter to each person that tells of the date a session has: an invitation, or the change that brought the date, with the
-- seat for which they had it, as member or alternate; who came in by the answer of another is not meant. standing:
-- in-time, late (the line that asks for the notice was over), sent (no line asks), uncertain (nobody knows whether it arrived), waiting
-- or failed. digest: SHA-256 of what the letter said, as it is kept, texts and calendar object one behind the other.
create function report.notice(as_of timestamptz, clearance text)
returns table (session text, seat text, person text, name text, kind text, sent_at timestamptz, standing text, message_id text, digest text)
language plpgsql stable security definer set search_path = public, pg_temp rows 200 as $$
#variable_conflict use_column
declare
    _sight int := report_sight(clearance);
begin
    return query
    with dated as ( -- the revision from which on a session has its date, or is confirmed
        select r.session_id, max(r.revision) as revision from session_revision r
        where  r.at <= as_of and (r.before ->> 'opens_at' is distinct from r.after ->> 'opens_at'
               or r.after ->> 'state' = 'confirmed' and r.before ->> 'state' is distinct from 'confirmed')
        group  by r.session_id
    ), letter as (
        select distinct on (d.session_id, d.person_id) d.*, case when d.state = 'sent' and d.sent_at > as_of then 'pending' else d.state end as stood
        from   delivery d join dated on dated.session_id = d.session_id
        where  d.kind in ('invitation', 'session-changed') and d.session_revision >= dated.revision and d.created_at <= as_of
               and d.state not in ('suppressed', 'expired') and d.person_id is not null and d.dedupe_key not like 'answer:%'
        order  by d.session_id, d.person_id, d.state = 'sent' desc, d.sent_at, d.id
    )
    select s.ref, x.ref, p.ref, p.name, l.kind, case when l.stood = 'sent' then l.sent_at end,
           case when l.stood = 'sent' and n.due_at is null then 'sent' when l.stood = 'sent' and l.sent_at <= n.due_at then 'in-time'
                when l.stood = 'sent' then 'late' when l.stood in ('uncertain', 'failed') then l.stood else 'waiting' end,
           case when l.stood in ('sent', 'uncertain') then l.message_id end,
           case when l.stood in ('sent', 'uncertain') and l.frozen_at is not null then encode(sha256(convert_to(
                concat(l.subject, l.body_text, l.body_html, l.calendar), 'UTF8')), 'hex') end
    from   session_seen(_sight) s join letter l on l.session_id = s.id join person p on p.id = l.person_id
           left join report.notice_rule(as_of, clearance) n on n.session = s.ref
           left join lateral (select t.ref, t.id from membership m join seat t on t.id = m.seat_id
                              where t.council_id = s.council_id and m.person_id = l.person_id and m.term @> coalesce(l.sent_at, l.not_before)::date) x on true
    order  by s.opens_on, s.ref, l.sent_at, p.name, x.id;
end
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- Sittings. required to missing: what was found where there was no quorum; again_by: the last day of a second convocation.
create function report.sitting(as_of timestamptz, clearance text)
returns table (session text, n int, opened_at timestamptz, closed_at timestamptz, outcome text, required int, base int, present int, missing text[],
    second boolean, fraction text, strict boolean, rule_source text, again_by date)
language plpgsql stable security definer set search_path = public, pg_temp rows 50 as $$
#variable_conflict use_column
declare
    _sight int := report_sight(clearance);
begin
    return query
    select s.ref, t.n, t.opened_at, case when t.closed_at <= as_of then t.closed_at end, case when t.closed_at <= as_of then t.outcome else 'open' end,
           f.required, f.base_seats, f.present_seats, f.missing_offices, f.second_convocation, q.fraction, q.strict, q.source,
           case when f.id is not null and q.second_convocation like 'P%' then ((f.opened_at at time zone c.timezone)::date + q.second_convocation::interval)::date end
    from   session_seen(_sight) s join council c on c.id = s.council_id join sitting t on t.session_id = s.id
           left join sitting f on f.id = t.id and t.outcome = 'inquorate' and t.closed_at <= as_of
           left join quorum_rule q on q.council_id = s.council_id and q.purpose = 'open'
    where  t.opened_at <= as_of
    order  by s.opens_on, s.ref, t.n;
end
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- Who was at a sitting; an officer without a seat has none here.
create function report.presence(as_of timestamptz, clearance text)
returns table (session text, sitting int, seat text, label jsonb, person text, name text, mode text, arrived_at timestamptz, left_at timestamptz)
language plpgsql stable security definer set search_path = public, pg_temp rows 200 as $$
#variable_conflict use_column
declare
    _sight int := report_sight(clearance);
begin
    return query
    select s.ref, t.n, x.ref, x.label::jsonb, p.ref, p.name, a.mode, a.arrived_at, case when a.left_at <= as_of then a.left_at end
    from   session_seen(_sight) s join sitting t on t.session_id = s.id join presence a on a.sitting_id = t.id
           join person p on p.id = a.person_id left join seat x on x.id = a.seat_id
    where  a.arrived_at <= as_of
    order  by s.opens_on, s.ref, t.n, x.id, a.arrived_at, a.id;
end
$$;
-- +goose StatementEnd

revoke all on all functions in schema report from public;
