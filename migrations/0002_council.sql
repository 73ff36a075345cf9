-- +goose Up
create extension if not exists btree_gist;

create table council (
    id                  bigint generated always as identity primary key,
    ref                 text not null unique,
    name                localised not null,
    seat_city           localised not null,
    country             text not null,
    timezone            text not null,
    calendar            text not null,
    host_id             bigint references organisation,
    official_languages  text[] not null,
    working_languages   text[] not null,
    record              text not null,
    parent_id           bigint references council,
    mandate_title       localised not null,
    mandate_symbol      text,
    mandate_source      text,
    source              text,
    retired_at          timestamptz,
    created_at          timestamptz not null default now(),
    updated_at          timestamptz not null default now()
);

create table seat (
    id               bigint generated always as identity primary key,
    council_id       bigint not null references council,
    ref              text not null,
    label            localised not null,
    organisation_id  bigint references organisation,
    country          text,
    voting           boolean not null,
    source           text,
    retired_at       timestamptz,
    created_at       timestamptz not null default now(),
    updated_at       timestamptz not null default now(),
    unique (council_id, ref)
);

-- The member of a seat for a term, and its alternates by rank (1 first). A null bound is open; "until" is the last day.
create table membership (
    id         bigint generated always as identity primary key,
    seat_id    bigint not null references seat,
    person_id  bigint not null references person,
    capacity   text not null check (capacity in ('member', 'alternate')),
    rank       int not null default 0,
    term       daterange not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint one_member_at_a_time exclude using gist (seat_id with =, term with &&) where (capacity = 'member')
);

create table office (
    id          bigint generated always as identity primary key,
    council_id  bigint not null references council,
    kind        text not null check (kind in ('chair', 'vice-chair', 'rapporteur', 'secretary')),
    person_id   bigint not null references person,
    term        daterange not null,
    source      text,
    created_at  timestamptz not null default now()
);

create table quorum_rule (
    council_id          bigint not null references council,
    purpose             text not null check (purpose in ('open', 'decide')),
    fraction            text not null check (fraction ~ '^[0-9]+/[1-9][0-9]*$'),
    strict              boolean not null,
    base                text not null check (base in ('voting-seats', 'filled-voting-seats', 'present')),
    needs_office        text[] not null default '{}',
    second_convocation  text,
    grace               text,
    source              text,
    primary key (council_id, purpose)
);

create table lead_time_rule (
    id           bigint generated always as identity primary key,
    council_id   bigint not null references council,
    position     int not null,
    ref          text not null,
    title        localised not null,
    anchor       text not null, -- opening, closing or the ref of another rule
    side         text not null check (side in ('before', 'after')),
    by           text not null, -- programme.Span
    roll         text not null check (roll in ('none', 'earlier', 'later')),
    duty_of      text not null,
    hard         boolean not null,
    done_when    text,
    consequence  localised,
    source       text,
    retired_at   timestamptz,
    created_at   timestamptz not null default now(),
    updated_at   timestamptz not null default now(),
    unique (council_id, ref)
);

create table reminder_rule (
    id          bigint generated always as identity primary key,
    council_id  bigint not null references council,
    position    int not null,
    ref         text not null,
    title       localised not null,
    anchor      text not null, -- opening, closing, action-due or the ref of a lead time rule
    side        text not null check (side in ('before', 'after')),
    by          text not null,
    audience    text not null check (audience in ('all-invited', 'no-reply', 'accepted', 'duty-holder', 'action-owner')),
    template    text not null,
    local_hour  int check (local_hour between 0 and 23),
    grace       text not null,
    source      text,
    retired_at  timestamptz,
    created_at  timestamptz not null default now(),
    updated_at  timestamptz not null default now(),
    unique (council_id, ref)
);

create table session_series (
    id           bigint generated always as identity primary key,
    council_id   bigint not null references council,
    ref          text not null,
    rule         text not null,
    local_start  text not null,
    lasts        text not null,
    keep_ahead   int not null check (keep_ahead >= 0),
    until        date,
    source       text,
    retired_at   timestamptz,
    created_at   timestamptz not null default now(),
    updated_at   timestamptz not null default now(),
    unique (council_id, ref)
);

create table session (
    id               bigint generated always as identity primary key,
    council_id       bigint not null references council,
    ref              text not null unique,
    number           int not null,
    kind             text not null,
    title            localised not null,
    state            text not null check (state in ('draft', 'tentative', 'confirmed', 'postponed', 'cancelled', 'in_session', 'held', 'closed')),
    reason           localised,
    previously       jsonb not null default '[]', -- [{opens_at, closes_at, until}], oldest first
    opens_at         timestamptz not null,
    closes_at        timestamptz not null,
    mode             text not null check (mode in ('in-person', 'online', 'hybrid')),
    venue            localised,
    online_url       text,
    confidentiality  confidentiality not null,
    uid              text not null unique,              -- of the calendar event, for life
    revision         int not null default 0,            -- raised by a material change
    sequence         int not null default 0,            -- iCalendar SEQUENCE
    revised_at       timestamptz not null,              -- DTSTAMP
    announced_at     timestamptz,                       -- when it first became tentative or confirmed by a command; null: announced elsewhere
    source           text,
    retired_at       timestamptz,
    created_at       timestamptz not null default now(),
    updated_at       timestamptz not null default now(),
    check (closes_at > opens_at)
);

create table session_revision (
    session_id  bigint not null references session,
    revision    int not null,
    at          timestamptz not null,
    actor       text not null,
    verb        text not null,      -- confirm, reschedule, postpone, cancel, apply
    before      jsonb not null,     -- {state, opens_at, closes_at, mode, venue}
    after       jsonb not null,
    reason      text,
    primary key (session_id, revision)
);

-- The dates of a session's convening timetable, written by the planner at each change.
create table timetable_line (
    session_id  bigint not null references session,
    rule_id     bigint not null references lead_time_rule,
    due_on      date not null,
    due_at      timestamptz not null,
    state       text not null check (state in ('open', 'done', 'missed', 'waived', 'late-at-creation')),
    done_at     timestamptz,
    waived_by   bigint references person,
    waiver      text,
    primary key (session_id, rule_id)
);

create table agenda_item (
    id            bigint generated always as identity primary key,
    session_id    bigint not null references session,
    ref           text not null,
    number        int not null,
    title         localised not null,
    purpose       text not null,
    minutes       int not null,
    presenter_id  bigint references person,
    source        text,
    created_at    timestamptz not null default now(),
    updated_at    timestamptz not null default now(),
    unique (session_id, ref)
);

create table document (
    id            bigint generated always as identity primary key,
    session_id    bigint not null references session,
    ref           text not null,
    symbol        text not null,
    title         localised not null,
    distribution  text not null check (distribution in ('general', 'limited', 'restricted')),
    source        text,
    created_at    timestamptz not null default now(),
    updated_at    timestamptz not null default now(),
    unique (session_id, ref)
);

create table document_version (
    document_id  bigint not null references document,
    language     text not null,
    issued_on    date,
    file         text,
    primary key (document_id, language)
);

create table item_document (
    item_id      bigint not null references agenda_item,
    position     int not null,
    document_id  bigint not null references document,
    primary key (item_id, document_id)
);

-- Append only; the last one of a seat counts. revision is that of the session when the answer was given.
create table reply (
    id           bigint generated always as identity primary key,
    session_id   bigint not null references session,
    seat_id      bigint not null references seat,
    person_id    bigint not null references person,
    answer       text not null check (answer in ('accepted', 'declined', 'tentative', 'delegated')),
    mode         text check (mode in ('in-person', 'online')),
    replied_on   date not null,
    replied_at   timestamptz not null,
    delegate_id  bigint references person,
    revision     int not null,
    via          text not null check (via in ('file', 'command', 'link', 'calendar')),
    source       text,
    created_at   timestamptz not null default now(),
    check ((answer = 'delegated') = (delegate_id is not null))
);
create index on reply (session_id, seat_id, id);

create table attendance (
    session_id  bigint not null references session,
    seat_id     bigint not null references seat,
    person_id   bigint not null references person,
    mode        text not null check (mode in ('in-person', 'online')),
    source      text,
    primary key (session_id, seat_id)
);

create table decision (
    id          bigint generated always as identity primary key,
    session_id  bigint not null references session,
    item_id     bigint not null references agenda_item,
    ref         text not null,
    number      text not null,
    text        localised not null,
    method      text not null check (method in ('consensus', 'vote', 'silence')),
    decided_on  date not null,
    source      text,
    created_at  timestamptz not null default now(),
    updated_at  timestamptz not null default now(),
    unique (session_id, ref)
);

create table action_item (
    id           bigint generated always as identity primary key,
    session_id   bigint not null references session,
    decision_id  bigint references decision,
    ref          text not null unique,
    text         localised not null,
    owner_id     bigint not null references person,
    backup_id    bigint references person,
    due_on       date not null,
    done_on      date,
    evidence     localised,
    source       text,
    created_at   timestamptz not null default now(),
    updated_at   timestamptz not null default now()
);

-- The last forecast per session and purpose, written by the planner at each change.
create table quorum_forecast (
    session_id   bigint not null references session,
    purpose      text not null,
    required     int not null,
    seats        int not null,
    expected     numeric not null,
    probability  numeric not null,
    computed_at  timestamptz not null,
    primary key (session_id, purpose)
);
