-- +goose Up
-- Reports on ten thousand activities: what is kept for the next report is packed by the program and no longer taken apart by
-- PostgreSQL, milestones bring the title of their activity, areas their activities by traffic light, so that a report need not
-- read all activities again for either; and the last per cent of an activity is found in an index alone.

alter table run_snapshot alter column rows type bytea using convert_to(rows::text, 'UTF8');
alter table run_snapshot alter column rows set storage external; -- it is compressed already

drop index activity_update_last;
create index activity_update_last on activity_update (activity_id, updated_on desc, id desc) include (percent);

drop function report.milestone(timestamptz, text);

-- +goose StatementBegin
create function report.milestone(as_of timestamptz, clearance text)
returns table (ref text, activity text, title jsonb, due_on date, original_due_on date, met_on date, state text, activity_title jsonb)
language plpgsql stable security definer set search_path = public, pg_temp set work_mem = '32MB' rows 10000 as $$
#variable_conflict use_column
declare
    _day date := report_day(as_of);
    _sight int := report_sight(clearance);
begin
    return query
    select m.ref, a.ref, m.title::jsonb, d.due_on, m.original_due_on, d.met_on,
           case when d.met_on is not null then 'met'
                when a.status in ('cancelled', 'suspended') then 'out'
                when d.due_on < _day then 'missed' else 'open' end,
           a.title::jsonb
    from   milestone m
           join activity a on a.id = m.activity_id
           left join (select distinct on (milestone_id) milestone_id, from_on from activity_revision
                      where milestone_id is not null and revised_on > _day order by milestone_id, revised_on, id) later on later.milestone_id = m.id
           cross join lateral (select coalesce(later.from_on, m.due_on) as due_on, case when m.met_on <= _day then m.met_on end as met_on) d
    where  report_rank(a.confidentiality) <= _sight and m.retired_at is null and a.retired_at is null
    order  by d.due_on, m.ref;
end
$$;

-- +goose StatementEnd

-- +goose StatementBegin
-- How many activities of each area have which status and traffic light; areas in their order.
create function report.area_light(as_of timestamptz, clearance text)
returns table (area text, area_title jsonb, status text, rag text, activities int)
language plpgsql stable security definer set search_path = public, pg_temp set work_mem = '32MB' rows 50 as $$
#variable_conflict use_column
declare
    _day date := report_day(as_of);
    _sight int := report_sight(clearance);
begin
    return query
    select r.ref, r.title::jsonb, a.status, report.rag(a.status, a.starts_on, a.due_on, a.percent, _day), count(*)::int
    from   activity_on(_day) a join area r on r.id = a.area_id
    where  a.rank <= _sight
    group  by r.id, 3, 4
    order  by r.id, 3, 4;
end
$$;
-- +goose StatementEnd

revoke all on all functions in schema report from public;
