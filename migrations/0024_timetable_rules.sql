-- +goose Up
-- Reports see how a line of the timetable is counted, so that a printed timetable can explain each of its days.

drop function report.timetable_line(timestamptz, text);

-- +goose StatementBegin
-- A line that was done later than the day counts as not done yet. slack_days: what is left until an open line is due. by_hand:
-- nothing on record shows whether it is done, so that 'missed' says only that nobody has ticked it. late: it was done when its day
-- was over. amount and unit (days, weeks, working, clear, hours): how far before or after (side) its anchor it is due, which is
-- 'opening', 'closing' or, with anchor_title, another rule. opens: the anchors lead to the opening.
create function report.timetable_line(as_of timestamptz, clearance text)
returns table (session text, ref text, title jsonb, due_on date, duty_of text, hard boolean, state text, slack_days int,
    due_at timestamptz, done_on date, late boolean, by_hand boolean, ticked_by text, note text, waived_by text, waived_by_name text, waiver text,
    source text, consequence jsonb, amount numeric, unit text, side text, anchor text, anchor_title jsonb, opens boolean)
language plpgsql stable security definer set search_path = public, pg_temp rows 100 as $$
#variable_conflict use_column
declare
    _day date := report_day(as_of);
    _sight int := report_sight(clearance);
begin
    return query
    with recursive chain as ( -- from which end of the session each rule counts in the last place
        select r.id, r.council_id, r.ref, r.anchor = 'opening' as opens from lead_time_rule r where r.anchor in ('opening', 'closing')
        union
        select r.id, r.council_id, r.ref, c.opens from lead_time_rule r join chain c on c.council_id = r.council_id and c.ref = r.anchor
    )
    select s.ref, l.ref, l.title::jsonb, t.due_on, l.duty_of, l.hard, v.state, case when v.state = 'open' then t.due_on - _day end,
           t.due_at, case when v.state = 'done' then (t.done_at at time zone c.timezone)::date end, v.state = 'done' and t.done_at > t.due_at is true,
           coalesce(l.done_when in ('', 'call-sent', 'letters-issued'), true),
           case when v.state = 'done' then t.ticked_by end, case when v.state = 'done' then t.tick_note end,
           case when v.state = 'waived' then p.ref end, case when v.state = 'waived' then p.name end, case when v.state = 'waived' then t.waiver end,
           l.source, l.consequence::jsonb, b.amount, b.unit, l.side, l.anchor, o.title::jsonb, coalesce(n.opens, true)
    from   session_seen(_sight) s join timetable_line t on t.session_id = s.id join lead_time_rule l on l.id = t.rule_id
           join council c on c.id = s.council_id
           left join person p on p.id = t.waived_by
           left join lead_time_rule o on o.council_id = l.council_id and o.ref = l.anchor
           left join chain n on n.id = l.id
           cross join lateral (select
                case when l.by like 'P%' then case
                    when l.by ~ 'T' then trim_scale(extract(epoch from l.by::interval) / 3600)
                    when l.by ~ '^P[0-9]+W$' then trim(both 'PW' from l.by)::numeric
                    else trim_scale(extract(epoch from l.by::interval) / 86400) end
                else split_part(l.by, ' ', 1)::numeric end as amount,
                case when l.by ~ '^P.*T' then 'hours' when l.by ~ '^P[0-9]+W$' then 'weeks' when l.by like 'P%' then 'days'
                     when l.by like '%clear%' then 'clear' else 'working' end as unit) b
           cross join lateral (select case
                when t.state = 'done' and coalesce(report_day(t.done_at) <= _day, true) or t.state in ('waived', 'late-at-creation') then t.state
                when t.due_on < _day then 'missed' else 'open' end as state) v
    order  by s.opens_on, s.ref, t.due_on, t.due_at, l.position;
end
$$;
-- +goose StatementEnd

revoke all on all functions in schema report from public;
