-- +goose Up
-- Sittings and roll calls, series, date finder and polls, and the wall clock of a session.

alter table session drop constraint session_state_check;
alter table session add constraint session_state_check check (state in
    ('draft', 'tentative', 'confirmed', 'postponed', 'cancelled', 'in_session', 'inquorate', 'suspended', 'held', 'closed'));

alter table session
    add column convocation         int not null default 1 check (convocation in (1, 2)), -- 2: convened again after an inquorate sitting
    -- What the council's clocks show at the moments wall_opens_at and wall_closes_at by the zone data of the day on which
    -- they were set. A change of zone law moves the moments and keeps this.
    add column wall_opens          timestamp,
    add column wall_closes         timestamp,
    add column wall_zone           text,
    add column wall_opens_at       timestamptz,
    add column wall_closes_at      timestamptz,
    -- The occurrence of a series that the session is, and its times as the series gave them: other times are an exception.
    add column series_id           bigint references session_series,
    add column recurrence_on       date,
    add column generated_opens_at  timestamptz,
    add column generated_closes_at timestamptz,
    add constraint one_session_per_occurrence unique (series_id, recurrence_on);

alter table session_series add column anchor_on date; -- from which "every 6 weeks" counts; set when it is first used

-- Occurrences of a series that do not take place.
create table series_skip (
    series_id      bigint not null references session_series,
    recurrence_on  date not null,
    reason         text not null,
    actor          text not null,
    created_at     timestamptz not null,
    primary key (series_id, recurrence_on)
);

-- One opening of a session, to its suspension or end ("meeting" in the rules of procedure of the United Nations).
create table sitting (
    id          bigint generated always as identity primary key,
    session_id  bigint not null references session,
    n           int not null check (n > 0),
    opened_at   timestamptz not null,
    closed_at   timestamptz check (closed_at >= opened_at),
    outcome     text not null default 'open' check (outcome in ('open', 'suspended', 'inquorate', 'closed')),
    unique (session_id, n),
    check ((outcome = 'open') = (closed_at is null))
);
create unique index one_open_sitting on sitting (session_id) where closed_at is null;

-- Who was there, from when to when. An officer without a seat has none here.
create table presence (
    id           bigint generated always as identity primary key,
    sitting_id   bigint not null references sitting,
    seat_id      bigint references seat,
    person_id    bigint not null references person,
    mode         text not null check (mode in ('in-person', 'online')),
    arrived_at   timestamptz not null,
    left_at      timestamptz check (left_at > arrived_at),
    recorded_by  text not null,
    created_at   timestamptz not null,
    constraint present_once exclude using gist (sitting_id with =, person_id with =, coalesce(seat_id, 0) with =, tstzrange(arrived_at, left_at) with &&)
);

create table availability_poll (
    id            bigint generated always as identity primary key,
    ref           text not null unique,
    council_id    bigint not null references council,
    title         text not null,
    lasts         text not null,       -- programme.Span
    mode          text not null check (mode in ('in-person', 'online', 'hybrid')),
    secret        boolean not null,
    answer_until  timestamptz not null,
    opened_at     timestamptz not null,
    opened_by     text not null,
    closed_at     timestamptz,
    session_id    bigint references session -- the tentative session that it ended in
);

create table poll_option (
    id         bigint generated always as identity primary key,
    poll_id    bigint not null references availability_poll,
    n          int not null,
    starts_at  timestamptz not null,
    unique (poll_id, n),
    unique (poll_id, starts_at)
);

-- Append only; the last one of a person counts.
create table poll_answer (
    id           bigint generated always as identity primary key,
    option_id    bigint not null references poll_option,
    person_id    bigint not null references person,
    answer       text not null check (answer in ('yes', 'if-need-be', 'no')),
    answered_at  timestamptz not null,
    actor        text not null
);
create index on poll_answer (option_id, person_id, id);

-- When somebody is busy: intervals only, never what for. weight is 1, or one half for what is tentative.
create table busy_interval (
    person_id    bigint not null references person,
    starts_at    timestamptz not null,
    ends_at      timestamptz not null check (ends_at > starts_at),
    weight       numeric not null check (weight in (0.5, 1)),
    imported_at  timestamptz not null,
    expires_at   timestamptz not null
);
create index on busy_interval (person_id);

-- What a session cost somebody in hours outside their day, nights and days off: the memory of the date finder.
create table burden (
    person_id    bigint not null references person,
    session_id   bigint not null references session,
    points       numeric(8, 4) not null check (points >= 0),
    recorded_at  timestamptz not null,
    primary key (person_id, session_id)
);
