-- +goose Up
-- What relays said against a reader's address: at once, or later in a notification. Rows go only when an officer frees the address (`outbox free`).
create table bounce (
    id             bigint generated always as identity primary key,
    delivery_id    bigint not null references delivery,
    address        text not null,   -- in lower case
    at             timestamptz not null,
    notice         bytea,           -- SHA-256 of the notification; null for a reply to a letter
    code           int not null,    -- of the reply, 0 for none
    enhanced_code  text not null,
    text           text not null,
    unique (notice, delivery_id)
);
create index on bounce (address, at);

-- The key of return paths: who knows it can report on letters. It goes with the database, as all replicas need it.
alter table instance add column bounce_key bytea not null
    default decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex');
