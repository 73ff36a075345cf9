-- +goose Up
-- The sender that a letter names is frozen with it: a retry after the settings have changed sends the same bytes, and what is
-- shown of a letter is what was sent. Null in letters from before: they name the sender that is set.
alter table delivery
    add column from_name    text,
    add column from_address text;
