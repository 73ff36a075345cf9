-- +goose Up
-- Links by which members answer, calendar feeds, and answers that calendar programs send.

alter table token drop constraint token_purpose_check;
alter table token
    add constraint token_purpose_check check (purpose in ('unsubscribe', 'reply', 'poll', 'feed', 'council-feed', 'sign-in')),
    add column if not exists session_id bigint references session,
    add column if not exists council_id bigint references council;
create index on token (session_id, person_id) where purpose = 'reply';

-- DTSTAMP of an answer that a calendar program sent: an older one does not undo it.
alter table reply add column stamp timestamptz;

-- What came from calendar programs, and what was made of it. Append only; the same message is taken once.
create table calendar_reply (
    id           bigint generated always as identity primary key,
    sha256       bytea not null unique,
    received_at  timestamptz not null,
    method       text,
    session_id   bigint references session,
    person_id    bigint references person,
    outcome      text not null check (outcome in ('recorded', 'passed-on', 'refused')),
    reason       text,                 -- of a refusal
    proposal     jsonb                 -- of a counter-proposal: {opens_at, closes_at, comment}
);
