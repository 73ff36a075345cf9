-- +goose Up
-- Agendas that are edited, papers with their files, decisions with their tally, and records of sessions.

alter table agenda_item
    add column state        text not null default 'admitted' check (state in ('admitted', 'deferred', 'withdrawn')),
    add column carried_from bigint references agenda_item on delete set null,
    add column reason       text; -- of a deferral or withdrawal

-- Open action items that an agenda item takes up: each once per session.
create table item_action (
    session_id  bigint not null references session,
    action_id   bigint not null references action_item,
    item_id     bigint not null references agenda_item on delete cascade,
    primary key (session_id, action_id)
);

-- The files of a paper. Append only; the highest version of a language counts.
create table document_file (
    document_id   bigint not null references document,
    language      text not null,
    version       int not null check (version > 0),
    sha256        bytea not null references artefact,
    name          text not null,
    bytes         bigint not null,
    submitted_at  timestamptz not null,
    submitted_by  text not null,
    primary key (document_id, language, version)
);

alter table decision
    add column votes_for      int check (votes_for >= 0),
    add column votes_against  int check (votes_against >= 0),
    add column abstained      int check (abstained >= 0),
    add column no_action      text, -- why nothing is to be done about it: else an action item must follow
    add constraint tally_of_a_vote check (method = 'vote' or num_nonnulls(votes_for, votes_against, abstained) = 0);

-- The minutes, summary record or report of a session.
create table record (
    id                 bigint generated always as identity primary key,
    session_id         bigint not null unique references session,
    kind               text not null check (kind in ('minutes', 'summary-record', 'report')),
    state              text not null check (state in ('draft', 'circulated', 'adopted')),
    version            int not null check (version > 0), -- raised by each new draft
    drafted_at         timestamptz not null,
    circulated_at      timestamptz,
    corrections_until  timestamptz,
    adopted_at         timestamptz,
    adopted_how        text check (adopted_how in ('silence', 'session')),
    adopted_in         bigint references session,
    check ((state = 'draft') = (circulated_at is null)),
    check ((state = 'adopted') = (adopted_at is not null)),
    check ((adopted_how = 'session') is not distinct from (case when adopted_how is not null then adopted_in is not null end))
);

create table record_file (
    record_id  bigint not null references record,
    version    int not null,
    language   text not null,
    clearance  text not null check (clearance in ('public', 'limited', 'confidential')),
    sha256     bytea not null references artefact,
    pages      int not null,
    primary key (record_id, version, language, clearance)
);

-- Corrections that came in. Append only but for their settling.
create table record_correction (
    id           bigint generated always as identity primary key,
    record_id    bigint not null references record,
    version      int not null, -- of the text that it corrects
    person_id    bigint references person,
    text         text not null,
    received_at  timestamptz not null,
    actor        text not null,
    outcome      text check (outcome in ('taken', 'not-taken')),
    settled_at   timestamptz,
    check ((outcome is null) = (settled_at is null))
);
