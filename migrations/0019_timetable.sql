-- +goose Up
-- Lines of the timetable that a person ticks, and in reports who ticked or waived a line, when it was done and what its rule
-- says of its source and of what follows when it is missed.

alter table timetable_line
    add column ticked_by text, -- actor; null: nobody said that it is done
    add column tick_note text;

drop function report.timetable_line(timestamptz, text);

-- +goose StatementBegin
-- A line that was done later than the day counts as not done yet. slack_days: what is left until an open line is due. by_hand:
-- nothing on record shows whether it is done, so that 'missed' says only that nobody has ticked it. late: it was done when its day
-- was over.
create function report.timetable_line(as_of timestamptz, clearance text)
returns table (session text, ref text, title jsonb, due_on date, duty_of text, hard boolean, state text, slack_days int,
    due_at timestamptz, done_on date, late boolean, by_hand boolean, ticked_by text, note text, waived_by text, waived_by_name text, waiver text,
    source text, consequence jsonb)
language plpgsql stable security definer set search_path = public, pg_temp rows 100 as $$
#variable_conflict use_column
declare
    _day date := report_day(as_of);
    _sight int := report_sight(clearance);
begin
    return query
    select s.ref, l.ref, l.title::jsonb, t.due_on, l.duty_of, l.hard, v.state, case when v.state = 'open' then t.due_on - _day end,
           t.due_at, case when v.state = 'done' then (t.done_at at time zone c.timezone)::date end, v.state = 'done' and t.done_at > t.due_at is true,
           coalesce(l.done_when in ('', 'call-sent', 'letters-issued'), true), case when v.state = 'done' then t.ticked_by end, case when v.state = 'done' then t.tick_note end,
           case when v.state = 'waived' then p.ref end, case when v.state = 'waived' then p.name end, case when v.state = 'waived' then t.waiver end,
           l.source, l.consequence::jsonb
    from   session_seen(_sight) s join timetable_line t on t.session_id = s.id join lead_time_rule l on l.id = t.rule_id
           join council c on c.id = s.council_id
           left join person p on p.id = t.waived_by
           cross join lateral (select case
                when t.state = 'done' and coalesce(report_day(t.done_at) <= _day, true) or t.state in ('waived', 'late-at-creation') then t.state
                when t.due_on < _day then 'missed' else 'open' end as state) v
    order  by s.opens_on, s.ref, t.due_on, l.position;
end
$$;
-- +goose StatementEnd

revoke all on all functions in schema report from public;
