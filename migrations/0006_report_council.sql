-- +goose Up
-- Schema report, second part: councils, data quality, subscribers.

-- +goose StatementBegin
-- Sessions that a clearance may see, with the day of their opening on the council's clocks.
create function session_seen(sight int)
returns table (id bigint, ref text, council_id bigint, council text, number int, state text, revision int, opens_on date)
language sql stable as $$
    select s.id, s.ref, c.id, c.ref, s.number, s.state, s.revision, (s.opens_at at time zone c.timezone)::date
    from   session s join council c on c.id = s.council_id
    where  s.retired_at is null and c.retired_at is null and report_rank(s.confidentiality) <= sight
$$;

-- The reply that counts for each seat of a session on a day, as package meetings decides it too. The last one of whoever
-- held the seat on the day given counts; one given before the last material change is stale and counts as none. After a
-- refusal that of the highest-ranking alternate counts who accepted, else who answered; after a delegation the delegate's,
-- and one who declines gives the seat back. person_id is null where the member's own answer stands.
create function reply_counting(day date)
returns table (session_id bigint, seat_id bigint, person_id bigint, answer text, stale boolean) language sql stable as $$
    with given as (
        select r.id, r.session_id, r.seat_id, r.person_id, r.answer, r.delegate_id, m.capacity, m.rank,
               (r.revision < s.revision or r.replied_on < (s.previously -> -1 ->> 'until')::date) is true as stale
        from   reply r join session s on s.id = r.session_id
               join lateral (select capacity, rank from membership m
                             where m.seat_id = r.seat_id and m.person_id = r.person_id and m.term @> r.replied_on
                             order by capacity desc limit 1) m on true
        where  r.replied_on <= day
    ), own as (
        select distinct on (session_id, seat_id) * from given where capacity = 'member' order by session_id, seat_id, id desc
    ), alternate as (
        select distinct on (session_id, seat_id, person_id) * from given where capacity = 'alternate' order by session_id, seat_id, person_id, id desc
    )
    select o.session_id, o.seat_id,
           case when o.stale or d.answer = 'declined' then null when o.answer = 'delegated' then o.delegate_id else a.person_id end,
           case when o.stale then o.answer when d.answer = 'declined' then null else coalesce(d.answer, a.answer, o.answer) end,
           o.stale
    from   own o
           left join alternate d on not o.stale and o.answer = 'delegated' and not d.stale
                and d.session_id = o.session_id and d.seat_id = o.seat_id and d.person_id = o.delegate_id
           left join lateral (select l.person_id, l.answer from alternate l
                              where not o.stale and o.answer = 'declined' and not l.stale and l.answer <> 'delegated'
                                    and l.session_id = o.session_id and l.seat_id = o.seat_id
                              order by l.answer = 'accepted' desc, l.rank, l.id limit 1) a on true
$$;

create function report.session(as_of timestamptz, clearance text)
returns table (ref text, council text, council_name jsonb, number int, title jsonb, state text, opens_at timestamptz, closes_at timestamptz, timezone text,
    mode text, venue jsonb, revision int, days_to_go int, confidentiality text)
language plpgsql stable security definer set search_path = public, pg_temp rows 50 as $$
#variable_conflict use_column
declare
    _day date := report_day(as_of);
    _sight int := report_sight(clearance);
begin
    return query
    select s.ref, c.ref, c.name::jsonb, s.number, s.title::jsonb, s.state, s.opens_at, s.closes_at, c.timezone, s.mode, s.venue::jsonb, s.revision,
           case when s.state not in ('postponed', 'cancelled') and seen.opens_on >= _day then seen.opens_on - _day end, s.confidentiality::text
    from   session_seen(_sight) seen join session s on s.id = seen.id join council c on c.id = s.council_id
    order  by s.opens_at, s.ref;
end
$$;

-- One row for every seat of a session's council. The member is who holds the seat on the session's day; a vacant one has
-- neither person nor answer. A delegate who has not answered shows as delegated.
create function report.session_reply(as_of timestamptz, clearance text)
returns table (session text, seat text, label jsonb, person text, name text, answer text, stale boolean)
language plpgsql stable security definer set search_path = public, pg_temp rows 200 as $$
#variable_conflict use_column
declare
    _day date := report_day(as_of);
    _sight int := report_sight(clearance);
begin
    return query
    select s.ref, t.ref, t.label::jsonb, p.ref, p.name, r.answer, r.stale
    from   session_seen(_sight) s
           join seat t on t.council_id = s.council_id and t.retired_at is null
           left join membership m on m.seat_id = t.id and m.capacity = 'member' and m.term @> s.opens_on
           left join reply_counting(_day) r on r.session_id = s.id and r.seat_id = t.id and m.id is not null
           left join person p on p.id = coalesce(r.person_id, m.person_id)
    order  by s.opens_on, s.ref, t.id;
end
$$;

-- As the planner last computed it.
create function report.quorum(as_of timestamptz, clearance text)
returns table (session text, purpose text, required int, seats int, expected numeric, probability numeric)
language plpgsql stable security definer set search_path = public, pg_temp rows 20 as $$
#variable_conflict use_column
declare
    _sight int := report_sight(clearance);
begin
    return query
    select s.ref, q.purpose, q.required, q.seats, q.expected, q.probability
    from   session_seen(_sight) s join quorum_forecast q on q.session_id = s.id
    order  by s.opens_on, s.ref, q.purpose desc;
end
$$;

-- A line that was done later than the day counts as not done yet. slack_days: what is left until an open line is due.
create function report.timetable_line(as_of timestamptz, clearance text)
returns table (session text, ref text, title jsonb, due_on date, duty_of text, hard boolean, state text, slack_days int)
language plpgsql stable security definer set search_path = public, pg_temp rows 100 as $$
#variable_conflict use_column
declare
    _day date := report_day(as_of);
    _sight int := report_sight(clearance);
begin
    return query
    select s.ref, l.ref, l.title::jsonb, t.due_on, l.duty_of, l.hard, v.state, case when v.state = 'open' then t.due_on - _day end
    from   session_seen(_sight) s join timetable_line t on t.session_id = s.id join lead_time_rule l on l.id = t.rule_id
           cross join lateral (select case
                when t.state = 'done' and coalesce(report_day(t.done_at) <= _day, true) or t.state in ('waived', 'late-at-creation') then t.state
                when t.due_on < _day then 'missed' else 'open' end as state) v
    order  by s.opens_on, s.ref, t.due_on, l.position;
end
$$;

create function report.attendance(as_of timestamptz, clearance text)
returns table (session text, sitting date, seat text, person text, name text, mode text)
language plpgsql stable security definer set search_path = public, pg_temp rows 200 as $$
#variable_conflict use_column
declare
    _day date := report_day(as_of);
    _sight int := report_sight(clearance);
begin
    return query
    select s.ref, s.opens_on, t.ref, p.ref, p.name, a.mode
    from   session_seen(_sight) s join attendance a on a.session_id = s.id join seat t on t.id = a.seat_id join person p on p.id = a.person_id
    where  s.opens_on <= _day
    order  by s.opens_on, s.ref, t.id;
end
$$;

create function report.decision(as_of timestamptz, clearance text)
returns table (ref text, session text, number text, item text, text jsonb, method text, date date)
language plpgsql stable security definer set search_path = public, pg_temp rows 100 as $$
#variable_conflict use_column
declare
    _day date := report_day(as_of);
    _sight int := report_sight(clearance);
begin
    return query
    select d.ref, s.ref, d.number, i.ref, d.text::jsonb, d.method, d.decided_on
    from   session_seen(_sight) s join decision d on d.session_id = s.id join agenda_item i on i.id = d.item_id
    where  d.decided_on <= _day
    order  by d.decided_on, d.id;
end
$$;

create function report.action_open(as_of timestamptz, clearance text)
returns table (session text, decision text, text jsonb, owner text, owner_name text, due_on date, days_late int)
language plpgsql stable security definer set search_path = public, pg_temp rows 100 as $$
#variable_conflict use_column
declare
    _day date := report_day(as_of);
    _sight int := report_sight(clearance);
begin
    return query
    select s.ref, d.ref, a.text::jsonb, p.ref, p.name, a.due_on, greatest(_day - a.due_on, 0)
    from   session_seen(_sight) s join action_item a on a.session_id = s.id join person p on p.id = a.owner_id left join decision d on d.id = a.decision_id
    where  (a.done_on is null or a.done_on > _day) and (d.id is null or d.decided_on <= _day)
    order  by a.due_on, a.id;
end
$$;

-- What in the data itself needs attention. kind: silent (in work, no update for 30 days), focal-point (no longer active),
-- percent (the stored one is not that of the last update), dates (revisions and dates disagree), indicator (no value for a
-- period that has ended), pledge (its transactions disagree with the field), receipt (sent, not acknowledged for 30 days),
-- seat (voting and vacant). what is the title of the object, since the day from which it is so, null where none is known.
create function report.quality(as_of timestamptz, clearance text)
returns table (kind text, ref text, what jsonb, since date)
language plpgsql stable security definer set search_path = public, pg_temp rows 100 as $$
#variable_conflict use_column
declare
    _day date := report_day(as_of);
    _sight int := report_sight(clearance);
begin
    return query
    with a as materialized (select * from activity_on(_day) v where v.rank <= _sight)
    select * from (
        select 'silent' as kind, a.ref, a.title as what, coalesce(a.last_update_on, a.starts_on) as since from a
        where  a.status in ('implementation', 'finalisation') and _day - coalesce(a.last_update_on, a.starts_on) >= 30
        union all
        select 'focal-point', a.ref, a.title, null from a join person p on p.id = a.focal_point_id
        where  a.is_open and (not p.active or p.retired_at is not null)
        union all
        select 'percent', a.ref, a.title, a.last_update_on from a join activity s on s.id = a.id
        where  a.last_update_on is not null and a.percent <> s.percent
               and not exists (select from activity_update u where u.activity_id = a.id and u.updated_on > _day)
        union all
        select 'dates', a.ref, a.title, r.revised_on
        from   a join activity s on s.id = a.id
               join lateral (select min(v.revised_on) as revised_on, (array_agg(v.to_on order by v.revised_on, v.id))[count(*)] as ends,
                                    (array_agg(v.from_on order by v.revised_on, v.id))[1] as begins
                             from activity_revision v where v.activity_id = a.id and v.milestone_id is null) r on r.revised_on <= _day
        where  r.ends <> s.due_on or r.begins <> s.original_due_on
        union all
        select 'indicator', i.ref, i.title::jsonb, max(p.to_on) + 1
        from   indicator i join indicator_period p on p.indicator_id = i.id
        where  i.retired_at is null and p.to_on < _day and p.actual is null
        group  by i.id
        union all
        select 'pledge', c.ref, c.title::jsonb, max(t.happened_on)
        from   contribution c join transaction t on t.contribution_id = c.id and t.kind = 'pledge' and t.happened_on <= _day
        where  c.retired_at is null
        group  by c.id having sum(t.amount) <> c.pledged
        union all
        select 'receipt', p.ref, p.title::jsonb, p.exchanged_on
        from   publication p left join activity x on x.id = p.activity_id
        where  p.retired_at is null and _day - p.exchanged_on >= 30 and (p.received_on is null or p.received_on > _day)
               and (x.id is null or report_rank(x.confidentiality) <= _sight)
        union all
        select 'seat', c.ref || '/' || s.ref, s.label::jsonb,
               (select max(upper(m.term)) from membership m where m.seat_id = s.id and m.capacity = 'member' and upper(m.term) <= _day)
        from   seat s join council c on c.id = s.council_id
        where  s.voting and s.retired_at is null and c.retired_at is null
               and not exists (select from membership_on(_day) m where m.seat_id = s.id and m.capacity = 'member')
    ) q
    order by q.kind, q.since nulls last, q.ref;
end
$$;

-- Whom a report goes to. One who is named and has the role gets it by the entry that names. clearance is the person's
-- own, else the highest of what roles and seats give; what may travel is less.
create function report.subscriber(report text, as_of timestamptz)
returns table (email text, name text, lang text, timezone text, person text, clearance text)
language plpgsql stable security definer set search_path = public, pg_temp rows 100 as $$
#variable_conflict use_column
declare
    _report text := report;
    _day date := report_day(as_of);
begin
    return query
    with reader as (
        select distinct on (p.id) p.*, s.language as wanted
        from   subscription s join person p on p.ref = any (s.people) or s.role = any (p.roles)
        where  s.report = _report and s.retired_at is null and p.retired_at is null and p.active
        order  by p.id, coalesce(p.ref = any (s.people), false) desc, s.id
    )
    select r.email, r.name, coalesce(r.wanted, r.language), r.timezone, r.ref,
           coalesce(r.clearance::text, case
               when r.roles && array['secretary', 'officer', 'chair-office'] then 'confidential'
               when 'focal-point' = any (r.roles) or exists (select from membership_on(_day) m where m.person_id = r.id) then 'limited'
               else 'public' end)
    from   reader r
    order  by r.email, r.ref;
end
$$;
-- +goose StatementEnd

revoke all on all functions in schema report from public;

-- Where this database lives, as the server names it. A copy made with dump and restore lives elsewhere and is held.
alter table instance add column home text;
