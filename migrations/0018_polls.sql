-- +goose Up
-- Links by which those who are asked answer a poll of dates, and the letters that bring them.

alter table token add column poll_id bigint references availability_poll;
create index on token (poll_id, person_id) where purpose = 'poll';
create index on delivery (subject_key) where kind in ('poll', 'poll-reminder');
