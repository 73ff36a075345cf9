-- +goose Up
-- Links in letters hold tokens, and tokens are kept as hashes only. A letter is frozen with its links so that a retry sends
-- the same bytes; once it has left, or will not leave, nobody needs them here: they are masked, so that a dump of the
-- database opens no page. (Letters that are being sent, or whose fate is unknown, still hold theirs.)
-- A token is 26 characters of base 32 behind /r/, /p/, /u/ or /f/ (acts: crypto/rand.Text).

-- A demonstration keeps them: its web page shows letters to be clicked in.
alter table instance add column keeps_links boolean not null default false;

-- +goose StatementBegin
create function masked(letter text) returns text language sql immutable parallel safe as $$
    select regexp_replace(letter, '(/[rpuf]/)[a-z2-7]{26}', '\1…', 'g')
$$;
-- +goose StatementEnd

-- +goose StatementBegin
create function mask_links() returns trigger language plpgsql as $$
begin
    if not (select keeps_links from instance) then
        new.body_text := masked(new.body_text);
        new.body_html := masked(new.body_html);
        new.headers := masked(new.headers::text)::jsonb;
    end if;
    return new;
end
$$;
-- +goose StatementEnd

create trigger mask_links before update of state on delivery for each row
    when (new.frozen_at is not null and new.state in ('sent', 'failed', 'suppressed', 'expired') and old.state is distinct from new.state)
    execute function mask_links();

-- Demonstrations that were made before keep theirs.
update instance set keeps_links = true where clock_offset <> '0';
update delivery set body_text = masked(body_text), body_html = masked(body_html), headers = masked(headers::text)::jsonb
where frozen_at is not null and state in ('sent', 'failed', 'suppressed', 'expired') and not (select keeps_links from instance);
