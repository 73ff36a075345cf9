-- +goose Up
-- Schema report: the figures that reports are written with. Its functions and their columns are a contract with report
-- authors. A table function takes the moment that the report is of and a clearance; none of them reads the clock.
-- They run as the owner of the tables, with a fixed search path, so that the reporting login needs nothing but them.

create index on activity (area_id);
create index on activity_revision (activity_id);
create index on milestone (activity_id);
create index on transaction (contribution_id);
create index on transaction (activity_id);
create index on membership (seat_id);
create index on membership (person_id);

-- What a reporting session may see at most, by backend; the program writes it, the reporting login cannot.
create table report_ceiling (
    pid    int primary key,
    level  confidentiality not null
);

-- The reporting login of this database. Its password is generated; null means that the address names it.
create table reporting_login (
    one       boolean primary key default true check (one),
    name      text not null,
    password  text
);

-- +goose StatementBegin
-- The day of a moment as the clocks of the programme show it; null before there is a programme.
create function report_day(moment timestamptz) returns date language sql stable as $$
    select (moment at time zone timezone)::date from programme
$$;

-- 0 public, 1 limited, 2 confidential.
create function report_rank(level text) returns int language sql immutable as $$
    select array_position(array['public', 'limited', 'confidential'], level) - 1
$$;

-- The rank that a call may show: the lesser of what it asks for and the ceiling of its session. Without a ceiling that is
-- the owner's full sight for the owner itself, and public for anybody else.
create function report_sight(clearance text) returns int language plpgsql stable as $$
declare
    asked int := report_rank(coalesce(clearance, 'public'));
    ceiling int;
begin
    if asked is null then
        raise exception 'clearance "%" is not public, limited or confidential', clearance using errcode = '22023';
    end if;
    select report_rank(level) into ceiling from report_ceiling where pid = pg_backend_pid();
    if ceiling is null then
        ceiling := case when session_user = current_user then 2 else 0 end;
    end if;
    return least(asked, ceiling);
end
$$;

-- Activities as they stood on a day: what is dated later is not seen. is_open: neither done nor out.
create function activity_on(day date)
returns table (id bigint, ref text, title jsonb, area_id bigint, kind text, lead_id bigint, focal_point_id bigint, status text, is_open boolean,
    is_out boolean, starts_on date, due_on date, original_due_on date, closed_on date, percent int, revisions int, last_update_on date, last_note jsonb,
    confidentiality text, rank int)
language sql stable as $$
    select a.id, a.ref, a.title::jsonb, a.area_id, a.kind, a.lead_id, a.focal_point_id, s.status,
           s.status in ('pipeline', 'implementation', 'finalisation'), s.status in ('cancelled', 'suspended'),
           a.starts_on, coalesce(later.from_on, a.due_on), a.original_due_on, case when a.closed_on <= day then a.closed_on end,
           coalesce(u.percent, case when a.closed_on > day then least(a.percent, 99) else a.percent end), coalesce(r.revisions, 0)::int,
           u.updated_on, u.note::jsonb, a.confidentiality::text, report_rank(a.confidentiality)
    from   activity a
           cross join lateral (select case when a.closed_on > day then 'implementation' else a.status end as status) s
           left join lateral (select updated_on, percent, note from activity_update
                              where activity_id = a.id and updated_on <= day order by updated_on desc, id desc limit 1) u on true
           left join (select activity_id, count(*) as revisions from activity_revision
                      where milestone_id is null and revised_on <= day group by activity_id) r on r.activity_id = a.id
           left join (select distinct on (activity_id) activity_id, from_on from activity_revision
                      where milestone_id is null and revised_on > day order by activity_id, revised_on, id) later on later.activity_id = a.id
    where  a.retired_at is null
$$;

-- Members and alternates of seats on a day, by the last day included; an alternate's rank is 1 or more.
create function membership_on(day date)
returns table (seat_id bigint, person_id bigint, capacity text, rank int) language sql stable as $$
    select m.seat_id, m.person_id, m.capacity, m.rank
    from   membership m join seat s on s.id = m.seat_id join council c on c.id = s.council_id
    where  m.term @> day and s.retired_at is null and c.retired_at is null
$$;
-- +goose StatementEnd

create schema report;
comment on schema report is 'Figures for report authors. Everything here is a contract; see the guide to reports.';

-- +goose StatementBegin
-- A text in a language: as asked, else in its base language, else in the programme's first one.
create function report.text(value jsonb, lang text) returns text language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return coalesce(value ->> lang, value ->> split_part(lang, '-', 1), value ->> (select languages[1] from programme),
                    case when jsonb_typeof(value) = 'string' then value #>> '{}' end);
end
$$;

-- Days that something is late: 0 on the day that it is due and before.
create function report.overdue_days(due date, as_of date) returns int language sql immutable parallel safe as $$
    select greatest(as_of - due, 0)
$$;

create function report.overdue_days(due date, as_of timestamptz) returns int language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return greatest(report_day(as_of) - due, 0);
end
$$;

-- Traffic light of an activity. Amber: due within 14 days with less than 80 per cent, or more than 25 points behind the
-- straight line from start to due date.
create function report.rag(status text, starts date, due date, percent int, as_of date) returns text language sql immutable parallel safe as $$
    select case
        when status in ('closed', 'cancelled', 'suspended') then 'grey'
        when due < as_of then 'red'
        when status = 'pipeline' then 'grey'
        when due - as_of <= 14 and percent < 80 then 'amber'
        when as_of >= starts and (due = starts and 100 - percent > 25 or 100 * (as_of - starts) - percent * (due - starts) > 25 * (due - starts)) then 'amber'
        else 'green'
    end
$$;

create function report.rag(status text, starts date, due date, percent int, as_of timestamptz) returns text
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return report.rag(status, starts, due, percent, report_day(as_of));
end
$$;

create function report.activity(as_of timestamptz, clearance text)
returns table (ref text, title jsonb, area text, area_title jsonb, pillars text[], status text, kind text, lead text, lead_name jsonb,
    focal_point text, focal_point_name text, focal_point_email text, starts_on date, due_on date, original_due_on date, closed_on date,
    percent int, rag text, days_late int, slip_days int, revisions int, last_update_on date, last_note jsonb, confidentiality text)
language plpgsql stable security definer set search_path = public, pg_temp rows 10000 as $$
#variable_conflict use_column
declare
    _day date := report_day(as_of);
    _sight int := report_sight(clearance);
begin
    return query
    select a.ref, a.title, r.ref, r.title::jsonb, r.pillars, a.status, a.kind, o.ref, o.name::jsonb, p.ref, p.name, p.email,
           a.starts_on, a.due_on, a.original_due_on, a.closed_on, a.percent,
           report.rag(a.status, a.starts_on, a.due_on, a.percent, _day),
           case when a.is_open then greatest(_day - a.due_on, 0) else 0 end,
           case when a.status = 'cancelled' then 0 else greatest(a.due_on - a.original_due_on, 0) end,
           a.revisions, a.last_update_on, a.last_note, a.confidentiality
    from   activity_on(_day) a join area r on r.id = a.area_id join organisation o on o.id = a.lead_id join person p on p.id = a.focal_point_id
    where  a.rank <= _sight
    order  by a.ref;
end
$$;

create function report.milestone(as_of timestamptz, clearance text)
returns table (ref text, activity text, title jsonb, due_on date, original_due_on date, met_on date, state text)
language plpgsql stable security definer set search_path = public, pg_temp rows 10000 as $$
#variable_conflict use_column
declare
    _day date := report_day(as_of);
    _sight int := report_sight(clearance);
begin
    return query
    select m.ref, a.ref, m.title::jsonb, d.due_on, m.original_due_on, d.met_on,
           case when d.met_on is not null then 'met' when a.is_out then 'out' when d.due_on < _day then 'missed' else 'open' end
    from   milestone m
           join activity_on(_day) a on a.id = m.activity_id
           left join (select distinct on (milestone_id) milestone_id, from_on from activity_revision
                      where milestone_id is not null and revised_on > _day order by milestone_id, revised_on, id) later on later.milestone_id = m.id
           cross join lateral (select coalesce(later.from_on, m.due_on) as due_on, case when m.met_on <= _day then m.met_on end as met_on) d
    where  a.rank <= _sight and m.retired_at is null
    order  by d.due_on, m.ref;
end
$$;

-- percent: mean over the activities that are not out, a done one counting 100.
create function report.area_progress(as_of timestamptz, clearance text)
returns table (ref text, title jsonb, pillars text[], activities int, done int, open int, overdue int, amber int, percent numeric)
language plpgsql stable security definer set search_path = public, pg_temp rows 20 as $$
#variable_conflict use_column
declare
    _day date := report_day(as_of);
    _sight int := report_sight(clearance);
begin
    return query
    select r.ref, r.title::jsonb, r.pillars, count(a.id)::int, (count(*) filter (where a.status = 'closed'))::int, (count(*) filter (where a.is_open))::int,
           (count(*) filter (where a.is_open and a.due_on < _day))::int,
           (count(*) filter (where report.rag(a.status, a.starts_on, a.due_on, a.percent, _day) = 'amber'))::int,
           trim_scale(round(avg(case when a.status = 'closed' then 100 else a.percent end) filter (where not a.is_out), 1))
    from   area r left join (select * from activity_on(_day) v where v.rank <= _sight) a on a.area_id = r.id
    where  r.retired_at is null
    group  by r.id
    order  by r.id;
end
$$;

-- The period that holds the day, else the last one ended. actual and achieved: submitted and approved values only.
create function report.indicator_now(as_of timestamptz, clearance text)
returns table (ref text, result text, title jsonb, unit jsonb, baseline numeric, baseline_year int, target numeric, actual numeric, status text, achieved numeric)
language plpgsql stable security definer set search_path = public, pg_temp rows 100 as $$
#variable_conflict use_column
declare
    _day date := report_day(as_of);
begin
    return query
    select i.ref, r.ref, i.title::jsonb, i.unit::jsonb, trim_scale(i.baseline_value), i.baseline_year, trim_scale(p.target), trim_scale(v.actual), p.status,
           trim_scale(round(case when i.cumulative then 100 * (v.actual - i.baseline_value) / nullif(p.target - i.baseline_value, 0)
                                 else 100 * v.actual / nullif(p.target, 0) end, 1))
    from   indicator i join result r on r.id = i.result_id
           left join lateral (select * from indicator_period n where n.indicator_id = i.id and n.from_on <= _day
                              order by n.to_on >= _day desc, n.to_on desc, n.from_on desc limit 1) p on true
           cross join lateral (select case when p.status in ('submitted', 'approved') then p.actual end as actual) v
    where  i.retired_at is null
    order  by i.id;
end
$$;

-- Per contribution in its own currency. What is in kind has no balance and no rates. delivery_rate is per cent.
create function report.contribution_balance(as_of timestamptz, clearance text)
returns table (ref text, title jsonb, kind text, currency text, pledged numeric, disbursed numeric, expended numeric, outstanding numeric, balance numeric, delivery_rate numeric)
language plpgsql stable security definer set search_path = public, pg_temp rows 20 as $$
#variable_conflict use_column
declare
    _day date := report_day(as_of);
begin
    return query
    select c.ref, c.title::jsonb, c.kind, c.currency, trim_scale(c.pledged), trim_scale(t.disbursed), trim_scale(t.expended),
           case when c.kind = 'financial' then trim_scale(c.pledged - t.disbursed) end,
           case when c.kind = 'financial' then trim_scale(t.disbursed - t.expended) end,
           case when c.kind = 'financial' then trim_scale(round(100 * t.expended / nullif(t.disbursed, 0), 1)) end
    from   contribution c
           cross join lateral (select coalesce(sum(amount) filter (where x.kind = 'disbursement'), 0) as disbursed,
                                      coalesce(sum(amount) filter (where x.kind = 'expenditure'), 0) as expended
                               from transaction x where x.contribution_id = c.id and x.happened_on <= _day) t
    where  c.retired_at is null
    order  by c.id;
end
$$;

-- Every transaction counts for every reader; an activity above the reader's clearance is not named, nor is the note.
create function report.transaction(as_of timestamptz, clearance text)
returns table (contribution text, kind text, date date, amount numeric, currency text, area text, activity text, note jsonb)
language plpgsql stable security definer set search_path = public, pg_temp rows 1000 as $$
#variable_conflict use_column
declare
    _day date := report_day(as_of);
    _sight int := report_sight(clearance);
begin
    return query
    select c.ref, t.kind, t.happened_on, trim_scale(t.amount), c.currency, r.ref,
           case when report_rank(a.confidentiality) <= _sight then a.ref end,
           case when a.id is null or report_rank(a.confidentiality) <= _sight then t.note::jsonb end
    from   transaction t join contribution c on c.id = t.contribution_id
           left join activity a on a.id = t.activity_id
           left join area r on r.id = coalesce(t.area_id, a.area_id)
    where  t.happened_on <= _day and c.retired_at is null
    order  by c.id, t.happened_on, t.id;
end
$$;

-- Budget and expenditure of the calendar year that holds the day, per contribution and area. execution is per cent.
create function report.budget_use(as_of timestamptz, clearance text)
returns table (contribution text, area text, period text, currency text, budget numeric, expended numeric, execution numeric)
language plpgsql stable security definer set search_path = public, pg_temp rows 50 as $$
#variable_conflict use_column
declare
    _day date := report_day(as_of);
    _year text := to_char(_day, 'FMYYYY');
begin
    return query
    with spent as (
        select t.contribution_id, coalesce(t.area_id, a.area_id) as area_id, sum(t.amount) as amount
        from   transaction t left join activity a on a.id = t.activity_id
        where  t.kind = 'expenditure' and t.happened_on between make_date(_year::int, 1, 1) and _day and coalesce(t.area_id, a.area_id) is not null
        group  by 1, 2
    )
    select c.ref, r.ref, _year, c.currency, trim_scale(b.amount), trim_scale(coalesce(s.amount, 0)),
           case when c.kind = 'financial' then trim_scale(round(100 * coalesce(s.amount, 0) / nullif(b.amount, 0), 1)) end
    from   (select * from budget_line where period = _year) b
           full join spent s on s.contribution_id = b.contribution_id and s.area_id = b.area_id
           join contribution c on c.id = coalesce(b.contribution_id, s.contribution_id)
           join area r on r.id = coalesce(b.area_id, s.area_id)
    where  c.retired_at is null
    order  by c.id, r.id;
end
$$;

create function report.event(as_of timestamptz, clearance text)
returns table (ref text, title jsonb, area text, kind text, starts_at timestamptz, ends_at timestamptz, place jsonb, mode text, status text, participants int)
language plpgsql stable security definer set search_path = public, pg_temp rows 200 as $$
#variable_conflict use_column
declare
    _sight int := report_sight(clearance);
begin
    return query
    select e.ref, e.title::jsonb, r.ref, e.kind, e.starts_at, e.ends_at, e.place::jsonb, e.mode, e.status, e.participants
    from   event e left join activity a on a.id = e.activity_id left join area r on r.id = coalesce(e.area_id, a.area_id)
    where  e.retired_at is null and (a.id is null or report_rank(a.confidentiality) <= _sight)
    order  by e.starts_at, e.ref;
end
$$;

create function report.publication(as_of timestamptz, clearance text)
returns table (ref text, title jsonb, language text, from_org text, to_org text, exchanged_on date, received_on date, kind text, activity text)
language plpgsql stable security definer set search_path = public, pg_temp rows 200 as $$
#variable_conflict use_column
declare
    _day date := report_day(as_of);
    _sight int := report_sight(clearance);
begin
    return query
    select p.ref, p.title::jsonb, p.language, f.ref, t.ref, p.exchanged_on, case when p.received_on <= _day then p.received_on end, p.kind, a.ref
    from   publication p join organisation f on f.id = p.from_id join organisation t on t.id = p.to_id left join activity a on a.id = p.activity_id
    where  p.retired_at is null and (p.exchanged_on is null or p.exchanged_on <= _day)
           and (a.id is null or report_rank(a.confidentiality) <= _sight)
    order  by p.exchanged_on, p.ref;
end
$$;

create function report.risk(as_of timestamptz, clearance text)
returns table (ref text, title jsonb, probability int, impact int, score int, response jsonb, owner_name text, status text)
language plpgsql stable security definer set search_path = public, pg_temp rows 50 as $$
#variable_conflict use_column
declare
    _day date := report_day(as_of);
begin
    return query
    select k.ref, k.title::jsonb, k.probability, k.impact, k.probability * k.impact, k.response::jsonb, p.name, k.status
    from   risk k join person p on p.id = k.owner_id
    where  k.retired_at is null and k.opened_on <= _day
    order  by k.probability * k.impact desc, k.ref;
end
$$;
-- +goose StatementEnd
