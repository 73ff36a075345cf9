-- +goose Up
-- Schema report with ten thousand activities: the same answers with less work. The last update of an activity is found by
-- one look into an index, milestones no longer look for updates at all, and sorting and the results of functions stay in
-- memory: with the server's default of 4 MB each call wrote 13 MB to disk and read them again.

create index activity_update_last on activity_update (activity_id, updated_on desc, id desc);
drop index activity_update_activity_id_updated_on_idx;

-- +goose StatementBegin
create or replace function report.milestone(as_of timestamptz, clearance text)
returns table (ref text, activity text, title jsonb, due_on date, original_due_on date, met_on date, state text)
language plpgsql stable security definer set search_path = public, pg_temp rows 10000 as $$
#variable_conflict use_column
declare
    _day date := report_day(as_of);
    _sight int := report_sight(clearance);
begin
    return query
    select m.ref, a.ref, m.title::jsonb, d.due_on, m.original_due_on, d.met_on,
           case when d.met_on is not null then 'met'
                when a.status in ('cancelled', 'suspended') then 'out'
                when d.due_on < _day then 'missed' else 'open' end
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

alter function report.activity(timestamptz, text) set work_mem = '32MB';
alter function report.milestone(timestamptz, text) set work_mem = '32MB';
alter function report.area_progress(timestamptz, text) set work_mem = '32MB';
alter function report.quality(timestamptz, text) set work_mem = '32MB';
