-- +goose Up
-- Files that a letter had to leave out, because the relay takes no letter of that size, and the link by which its reader
-- fetches them.
alter table delivery add column left_out jsonb not null default '[]'; -- as attachments
alter table token drop constraint token_purpose_check;
alter table token
    add column delivery_id bigint references delivery,
    add constraint token_purpose_check check (purpose in ('unsubscribe', 'reply', 'poll', 'feed', 'council-feed', 'sign-in', 'files'));
