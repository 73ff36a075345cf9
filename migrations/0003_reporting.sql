-- +goose Up
create table subscription (
    id          bigint generated always as identity primary key,
    report      text not null,
    people      text[],      -- refs; null where role is set
    role        text,
    format      text not null,
    language    text,        -- null: the person's
    source      text,
    retired_at  timestamptz,
    created_at  timestamptz not null default now(),
    check ((people is null) <> (role is null))
);

create table schedule (
    id            bigint generated always as identity primary key,
    ref           text not null unique,
    report        text,
    task          text,
    spec          text not null,
    timezone      text not null,
    catch_up      text not null check (catch_up in ('latest', 'skip', 'all')),
    grace         text not null,
    deadline      text not null,
    overlap       text not null check (overlap in ('skip', 'queue')),
    jitter        text not null,
    enabled       boolean not null,
    paused_at     timestamptz,
    next_fire_at  timestamptz,      -- null: never again, or not enabled
    revision      int not null default 1,
    source        text,
    retired_at    timestamptz,
    created_at    timestamptz not null default now(),
    updated_at    timestamptz not null default now(),
    check ((report is null) <> (task is null))
);
create index on schedule (next_fire_at) where retired_at is null and enabled and paused_at is null;

-- One row per fire time; of those passed over in one go the last one says how many (skipped_before).
create table schedule_occurrence (
    schedule_id     bigint not null references schedule,
    fire_at         timestamptz not null,
    decision        text not null check (decision in ('on_time', 'catch_up', 'skipped', 'manual')),
    reason          text,
    skipped_before  int not null default 0,
    decided_at      timestamptz not null,
    decided_by      text not null,       -- replica
    not_before      timestamptz not null, -- fire_at plus jitter
    started_at      timestamptz,
    lease_until     timestamptz,
    owner           text,
    attempts        int not null default 0,
    done_at         timestamptz,
    outcome         text,                -- what it came to, or the error of the last attempt
    primary key (schedule_id, fire_at)
);
create index on schedule_occurrence (not_before) where done_at is null and decision <> 'skipped';

create table artefact (
    sha256      bytea primary key check (octet_length(sha256) = 32),
    type        text not null,
    bytes       bytea not null,
    created_at  timestamptz not null default now()
);

create table report_run (
    id               bigint generated always as identity primary key,
    number           int unique,          -- the report number; null: carries none
    report           text not null,
    schedule_id      bigint references schedule,
    fire_at          timestamptz,
    since            timestamptz not null,
    until            timestamptz not null,
    as_of            timestamptz not null,
    definition_hash  bytea not null,
    state            text not null check (state in ('released', 'held', 'nothing-to-report', 'dropped')),
    reason           text,
    created_at       timestamptz not null,
    unique (schedule_id, fire_at)
);

create table run_artefact (
    run_id   bigint not null references report_run,
    variant  text not null,              -- <lang>-<clearance>, and a suffix where recipients' parameters differ
    format   text not null,
    name     text not null,              -- file name
    pages    int,
    sha256   bytea not null references artefact,
    primary key (run_id, variant, format)
);

-- The tracked rows of a run per audience: what "changes since the last report" compares with.
create table run_snapshot (
    run_id    bigint not null references report_run,
    audience  text not null,             -- clearance
    block     text not null,
    rows      jsonb not null,            -- {key: {column: text}}
    primary key (run_id, audience, block)
);
