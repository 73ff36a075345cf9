-- +goose Up
-- Texts that a stakeholder reads: an object from BCP 47 code to text. That the programme's first language is there is
-- checked when a file is applied.
create domain localised as jsonb check (jsonb_typeof(value) = 'object' and value <> '{}'::jsonb);
create domain confidentiality as text check (value in ('public', 'limited', 'confidential'));

-- One row: one programme per database.
create table programme (
    one         boolean primary key default true check (one),
    code        text not null,
    title       localised not null,
    timezone    text not null,
    languages   text[] not null check (cardinality(languages) > 0),
    currency    text not null,
    started_on  date not null,
    source      text,
    created_at  timestamptz not null default now(),
    updated_at  timestamptz not null default now()
);

-- What makes this installation itself. A copied database has another data folder: the restore guard compares them.
create table instance (
    one           boolean primary key default true check (one),
    id            uuid not null default gen_random_uuid(),
    clock_offset  interval not null default '0',
    held          boolean not null default false,
    created_at    timestamptz not null default now()
);
insert into instance default values;

create table organisation (
    id          bigint generated always as identity primary key,
    ref         text not null unique,
    name        localised not null,
    kind        text not null,
    country     text,
    city        text,
    source      text,
    retired_at  timestamptz,
    created_at  timestamptz not null default now(),
    updated_at  timestamptz not null default now()
);

create table person (
    id               bigint generated always as identity primary key,
    ref              text not null unique,
    name             text not null,
    salutation       text,
    organisation_id  bigint not null references organisation,
    email            text not null,
    language         text not null,
    timezone         text not null,
    country          text,
    roles            text[] not null default '{}',
    weekend          text[] not null default '{}',
    work_hours       text,
    clearance        confidentiality,
    active           boolean not null default true,
    source           text,
    retired_at       timestamptz,
    created_at       timestamptz not null default now(),
    updated_at       timestamptz not null default now()
);

create table agreement (
    id             bigint generated always as identity primary key,
    ref            text not null unique,
    kind           text not null,
    title          localised not null,
    edition        text,
    signed_on      date,
    adopted_on     date,
    place          localised,
    valid_from     date,
    valid_until    date,
    implements_id  bigint references agreement,
    symbol         text,
    source         text,
    retired_at     timestamptz,
    created_at     timestamptz not null default now(),
    updated_at     timestamptz not null default now(),
    check (valid_until >= valid_from)
);

create table agreement_party (
    agreement_id     bigint not null references agreement,
    position         int not null,
    organisation_id  bigint not null references organisation,
    primary key (agreement_id, organisation_id)
);

create table pillar (
    id          bigint generated always as identity primary key,
    ref         text not null unique,
    title       localised not null,
    source      text,
    retired_at  timestamptz,
    created_at  timestamptz not null default now(),
    updated_at  timestamptz not null default now()
);

create table area (
    id            bigint generated always as identity primary key,
    ref           text not null unique,
    title         localised not null,
    agreement_id  bigint not null references agreement,
    pillars       text[] not null,
    source        text,
    retired_at    timestamptz,
    created_at    timestamptz not null default now(),
    updated_at    timestamptz not null default now()
);

create table result (
    id          bigint generated always as identity primary key,
    ref         text not null unique,
    level       text not null check (level in ('impact', 'outcome', 'output')),
    title       localised not null,
    area_id     bigint not null references area,
    parent_id   bigint references result,
    source      text,
    retired_at  timestamptz,
    created_at  timestamptz not null default now(),
    updated_at  timestamptz not null default now()
);

create table indicator (
    id              bigint generated always as identity primary key,
    ref             text not null unique,
    result_id       bigint not null references result,
    title           localised not null,
    unit            localised not null,
    direction       text not null check (direction in ('up', 'down')),
    cumulative      boolean not null,
    baseline_value  numeric(20,4) not null,
    baseline_year   int not null,
    source          text,
    retired_at      timestamptz,
    created_at      timestamptz not null default now(),
    updated_at      timestamptz not null default now()
);

create table indicator_period (
    indicator_id  bigint not null references indicator,
    from_on       date not null,
    to_on         date not null, -- the last day
    target        numeric(20,4) not null,
    actual        numeric(20,4),
    status        text not null check (status in ('draft', 'submitted', 'returned', 'approved')),
    note          localised,
    source        text,
    primary key (indicator_id, from_on, to_on),
    check (to_on >= from_on)
);

create table activity (
    id               bigint generated always as identity primary key,
    ref              text not null unique,
    title            localised not null,
    area_id          bigint not null references area,
    result_id        bigint references result,
    kind             text not null,
    lead_id          bigint not null references organisation,
    focal_point_id   bigint not null references person,
    status           text not null check (status in ('pipeline', 'implementation', 'finalisation', 'closed', 'cancelled', 'suspended')),
    starts_on        date not null,
    due_on           date not null,
    original_due_on  date not null,
    closed_on        date,
    percent          int not null check (percent between 0 and 100),
    country          text,
    confidentiality  confidentiality not null,
    source           text,
    retired_at       timestamptz,
    created_at       timestamptz not null default now(),
    updated_at       timestamptz not null default now(),
    check (due_on >= starts_on),
    check ((status = 'closed') = (closed_on is not null))
);

create table milestone (
    id               bigint generated always as identity primary key,
    activity_id      bigint not null references activity,
    ref              text not null unique,
    title            localised not null,
    due_on           date not null,
    original_due_on  date not null,
    met_on           date,
    source           text,
    retired_at       timestamptz,
    created_at       timestamptz not null default now(),
    updated_at       timestamptz not null default now()
);

-- Moves of the due date of an activity or, with milestone_id, of one of its milestones. Append only.
create table activity_revision (
    id            bigint generated always as identity primary key,
    activity_id   bigint not null references activity,
    milestone_id  bigint references milestone,
    revised_on    date not null,
    from_on       date not null,
    to_on         date not null,
    reason        localised not null,
    by_id         bigint references person,
    source        text,
    created_at    timestamptz not null default now()
);

-- Append only.
create table activity_update (
    id           bigint generated always as identity primary key,
    activity_id  bigint not null references activity,
    updated_on   date not null,
    percent      int not null check (percent between 0 and 100),
    note         localised not null,
    by_id        bigint not null references person,
    source       text,
    created_at   timestamptz not null default now()
);
create index on activity_update (activity_id, updated_on);

create table contribution (
    id           bigint generated always as identity primary key,
    ref          text not null unique,
    title        localised not null,
    provider_id  bigint not null references organisation,
    receiver_id  bigint not null references organisation,
    kind         text not null check (kind in ('financial', 'in-kind')),
    currency     text not null check (currency ~ '^[A-Z]{3}$'),
    pledged      numeric(20,4) not null check (pledged >= 0),
    purpose      localised,
    source       text,
    retired_at   timestamptz,
    created_at   timestamptz not null default now(),
    updated_at   timestamptz not null default now()
);

create table transaction (
    id               bigint generated always as identity primary key,
    contribution_id  bigint not null references contribution,
    kind             text not null check (kind in ('pledge', 'commitment', 'disbursement', 'expenditure')),
    happened_on      date not null,
    amount           numeric(20,4) not null,
    activity_id      bigint references activity,
    area_id          bigint references area,
    note             localised,
    source           text,
    created_at       timestamptz not null default now()
);

create table budget_line (
    contribution_id  bigint not null references contribution,
    area_id          bigint not null references area,
    period           text not null check (period ~ '^[0-9]{4}$'),
    amount           numeric(20,4) not null,
    source           text,
    primary key (contribution_id, area_id, period)
);

create table event (
    id            bigint generated always as identity primary key,
    ref           text not null unique,
    title         localised not null,
    area_id       bigint references area,
    activity_id   bigint references activity,
    kind          text not null,
    starts_at     timestamptz not null,
    ends_at       timestamptz not null,
    place         localised not null,
    mode          text not null,
    status        text not null check (status in ('planned', 'held', 'postponed', 'cancelled')),
    participants  int,
    countries     text[] not null default '{}',
    reason        localised,
    previously    jsonb not null default '[]', -- [{opens_at, closes_at, until}], oldest first
    source        text,
    retired_at    timestamptz,
    created_at    timestamptz not null default now(),
    updated_at    timestamptz not null default now(),
    check (ends_at > starts_at)
);

create table publication (
    id            bigint generated always as identity primary key,
    ref           text not null unique,
    title         localised not null,
    language      text not null,
    from_id       bigint not null references organisation,
    to_id         bigint not null references organisation,
    exchanged_on  date,
    received_on   date,
    kind          text not null,
    activity_id   bigint references activity,
    source        text,
    retired_at    timestamptz,
    created_at    timestamptz not null default now(),
    updated_at    timestamptz not null default now()
);

create table risk (
    id           bigint generated always as identity primary key,
    ref          text not null unique,
    title        localised not null,
    probability  int not null check (probability between 1 and 5),
    impact       int not null check (impact between 1 and 5),
    response     localised not null,
    owner_id     bigint not null references person,
    status       text not null check (status in ('open', 'closed')),
    opened_on    date not null,
    source       text,
    retired_at   timestamptz,
    created_at   timestamptz not null default now(),
    updated_at   timestamptz not null default now()
);

create table holiday (
    calendar    text not null,
    date        date not null,
    name        localised not null,
    status      text not null check (status in ('announced', 'estimated')),
    working     boolean not null,
    source      text,
    retired_at  timestamptz,
    created_at  timestamptz not null default now(),
    updated_at  timestamptz not null default now(),
    primary key (calendar, date)
);

-- Append only: who did what. before and after hold what changed.
create table audit_log (
    id      bigint generated always as identity primary key,
    at      timestamptz not null,
    actor   text not null,
    action  text not null,
    object  text not null,
    before  jsonb,
    after   jsonb
);
