-- +goose Up
-- Schema report, third part: organisations, what became of action items, why dates moved, the periods of indicators, and
-- more of what in the data needs attention.

-- +goose StatementBegin
create function report.organisation(as_of timestamptz, clearance text)
returns table (ref text, name jsonb, kind text, country text, city text)
language plpgsql stable security definer set search_path = public, pg_temp rows 100 as $$
#variable_conflict use_column
begin
    return query
    select o.ref, o.name::jsonb, o.kind, o.country::text, o.city::text from organisation o where o.retired_at is null order by o.ref;
end
$$;

-- Every action item; state: done, overdue, open. days_late: of a done one how late it was done, of an open one how late it is.
create function report.action(as_of timestamptz, clearance text)
returns table (ref text, session text, decision text, text jsonb, owner text, owner_name text, due_on date, done_on date, state text, days_late int)
language plpgsql stable security definer set search_path = public, pg_temp rows 200 as $$
#variable_conflict use_column
declare
    _day date := report_day(as_of);
    _sight int := report_sight(clearance);
begin
    return query
    select a.ref, s.ref, d.ref, a.text::jsonb, p.ref, p.name, a.due_on, v.done_on,
           case when v.done_on is not null then 'done' when a.due_on < _day then 'overdue' else 'open' end,
           greatest(coalesce(v.done_on, _day) - a.due_on, 0)
    from   session_seen(_sight) s join action_item a on a.session_id = s.id join person p on p.id = a.owner_id left join decision d on d.id = a.decision_id
           cross join lateral (select case when a.done_on <= _day then a.done_on end as done_on) v
    where  d.id is null or d.decided_on <= _day
    order  by a.due_on, a.id;
end
$$;

-- Revisions of due dates, of activities and of milestones (milestone is null for those of the activity itself).
create function report.revision(as_of timestamptz, clearance text)
returns table (activity text, milestone text, date date, from_on date, to_on date, days int, reason jsonb)
language plpgsql stable security definer set search_path = public, pg_temp rows 500 as $$
#variable_conflict use_column
declare
    _day date := report_day(as_of);
    _sight int := report_sight(clearance);
begin
    return query
    select a.ref, m.ref, v.revised_on, v.from_on, v.to_on, v.to_on - v.from_on, v.reason::jsonb
    from   activity_revision v join activity a on a.id = v.activity_id left join milestone m on m.id = v.milestone_id
    where  v.revised_on <= _day and a.retired_at is null and report_rank(a.confidentiality) <= _sight
    order  by v.revised_on, v.id;
end
$$;

-- The periods that have begun. actual: submitted and approved values only, as in indicator_now.
create function report.indicator_period(as_of timestamptz, clearance text)
returns table (indicator text, title jsonb, from_on date, to_on date, target numeric, actual numeric, status text, note jsonb)
language plpgsql stable security definer set search_path = public, pg_temp rows 500 as $$
#variable_conflict use_column
declare
    _day date := report_day(as_of);
begin
    return query
    select i.ref, i.title::jsonb, p.from_on, p.to_on, trim_scale(p.target),
           case when p.status in ('submitted', 'approved') then trim_scale(p.actual) end, p.status, p.note::jsonb
    from   indicator i join indicator_period p on p.indicator_id = i.id
    where  i.retired_at is null and p.from_on <= _day
    order  by i.id, p.from_on, p.to_on;
end
$$;

-- The kinds of before, and: due (an activity 30 days overdue without a new date), milestone (missed for 30 days and not
-- revised), returned (a value sent back for a period that ended 30 days ago and not given anew).
create or replace function report.quality(as_of timestamptz, clearance text)
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
        union all
        select 'due', a.ref, a.title, a.due_on from a where a.is_open and _day - a.due_on >= 30
        union all
        select 'milestone', m.ref, m.title, m.due_on from report.milestone(as_of, clearance) m where m.state = 'missed' and _day - m.due_on >= 30
        union all
        select 'returned', i.ref, i.title::jsonb, p.to_on
        from   indicator i join indicator_period p on p.indicator_id = i.id
        where  i.retired_at is null and p.status = 'returned' and _day - p.to_on >= 30
    ) q
    order by q.kind, q.since nulls last, q.ref;
end
$$;
-- +goose StatementEnd

revoke all on all functions in schema report from public;

-- A replaced function loses what an earlier file set.
alter function report.quality(timestamptz, text) set work_mem = '32MB';
