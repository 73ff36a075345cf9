-- +goose Up
-- What all replicas know together of the relay: one row. It is written when something changes only; while the relay takes
-- letters, senders just read it.
create table relay (
    one            boolean primary key default true check (one),
    failures       int not null default 0,  -- in a row; 0: it takes letters
    rest_until     timestamptz,             -- nobody asks it before
    allowed        int,                     -- so many letters may be under way since; null: any number
    outcome        text not null default '',
    stage          text not null default '',
    code           int not null default 0,
    enhanced_code  text not null default '',
    text           text not null default '',
    told           boolean not null default true -- somebody was told that it fell silent, or came back
);
insert into relay default values;

-- The turns of letters under a rate limit.
create table relay_limit (
    domain    text primary key,       -- of the readers; '' for all letters
    free_at   timestamptz not null,   -- the next letter goes then at the earliest
    queue_at  timestamptz not null    -- the last place given to a letter that had to wait
);
