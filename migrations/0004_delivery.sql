-- +goose Up
-- One row per letter owed: (occasion, recipient). See the state machine in docs.
create table delivery (
    id                 bigint generated always as identity primary key,
    dedupe_key         text not null unique,
    message_id         text not null unique,
    kind               text not null,       -- name of the letter
    state              text not null check (state in ('planned', 'pending', 'sending', 'committing', 'sent', 'uncertain', 'failed', 'suppressed', 'expired')),
    reason             text,                -- of suppressed, expired, failed, uncertain
    -- what it is about: at most one group is set
    run_id             bigint references report_run,
    variant            text,                -- of the run's artefacts
    session_id         bigint references session,
    session_revision   int,
    rule_ref           text,                -- reminder rule; null for the letters of the session's own changes
    action_item_id     bigint references action_item,
    timetable_rule     text,
    subject_key        text,                -- anything else that the occasion needs to be told apart
    -- to whom
    person_id          bigint references person,
    seat_id            bigint references seat,
    address            text not null,
    name               text not null,
    language           text not null,
    timezone           text not null,
    -- when
    not_before         timestamptz not null,
    expires_at         timestamptz,
    priority           int not null default 5, -- 1 first, 9 last
    retry_at           timestamptz,         -- pending: not before this moment, after a failed attempt
    nudged_at          timestamptz,         -- pending: when a worker was last told to look at it
    -- the claim
    owner              text,
    lease_until        timestamptz,
    attempts           int not null default 0,
    was_uncertain      boolean not null default false,
    resend_of          bigint references delivery,
    -- the letter, frozen at first build
    frozen_at          timestamptz,         -- Date of the letter
    subject            text,
    body_text          text,
    body_html          text,
    calendar           text,                -- iCalendar object, null for none
    calendar_method    text,
    sequence           int,
    headers            jsonb not null default '{}',  -- In-Reply-To, References, List-Unsubscribe …
    attachments        jsonb not null default '[]',  -- [{name, type, sha256 (hex)}]
    sent_at            timestamptz,
    created_at         timestamptz not null,
    updated_at         timestamptz not null
);
create index on delivery (not_before) where state = 'planned';
create index on delivery (priority, not_before, id) where state = 'pending';
create index on delivery (nudged_at) where state = 'pending';
create index on delivery (lease_until) where state in ('sending', 'committing');
create index on delivery (session_id) where session_id is not null;

-- Append only.
create table delivery_attempt (
    id             bigint generated always as identity primary key,
    delivery_id    bigint not null references delivery,
    attempt        int not null,
    at             timestamptz not null,
    stage          text not null,           -- build, dial, tls, hello, auth, mail, rcpt, data, body, commit, dot, sent, lease, settle
    code           int,
    enhanced_code  text,
    text           text,
    replica        text not null,
    duration_ms    int
);
create index on delivery_attempt (delivery_id);

create table suppression (
    address     text not null,
    report      text,                       -- null: every letter that may be suppressed
    reason      text not null,              -- unsubscribed, bounced …
    until       timestamptz,
    created_at  timestamptz not null,
    unique nulls not distinct (address, report)
);

-- Tokens are kept hashed: a copy of the database opens nothing.
create table token (
    hash        bytea primary key,
    purpose     text not null check (purpose in ('unsubscribe')),
    person_id   bigint references person,
    address     text not null,
    report      text,
    created_at  timestamptz not null,
    expires_at  timestamptz,
    revoked_at  timestamptz
);
