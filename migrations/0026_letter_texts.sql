-- +goose Up
-- What a letter costs the database.
--
-- The tokens of a letter's links stand beside its texts, which hold them masked (`/r/…`) from the start: when the letter has
-- ended they are dropped. So far the texts were masked then, which wrote the largest part of the row once more for every letter.
alter table delivery add column links text[] not null default '{}'; -- in the order of body_text, body_html, headers by name

drop trigger mask_links on delivery;
drop function mask_links();

update delivery set
    links = array(
        select m[1]
        from (select 1 as part, '' as name, body_text as letter union all select 2, '', body_html
              union all select 3, key collate "C", value from jsonb_each_text(headers)) texts
            cross join lateral regexp_matches(letter, '/[rpuf]/([a-z2-7]{26}|…)', 'g') with ordinality as found (m, n)
        order by part, name, n),
    body_text = masked(body_text), body_html = masked(body_html), headers = masked(headers::text)::jsonb
where frozen_at is not null and state not in ('sent', 'failed', 'suppressed', 'expired');

-- +goose StatementBegin
create function drop_links() returns trigger language plpgsql as $$
begin
    if not (select keeps_links from instance) then
        new.links := '{}';
    end if;
    return new;
end
$$;
-- +goose StatementEnd

create trigger drop_links before update of state on delivery for each row
    when (new.links <> '{}' and new.state in ('sent', 'failed', 'suppressed', 'expired'))
    execute function drop_links();

drop function masked(text);

-- The texts of a letter are packed by lz4 where the server has it: as small as before in a quarter of the time, which was the
-- dearest part of freezing a letter.
-- +goose StatementBegin
do $$
declare letter text;
begin
    foreach letter in array array['body_text', 'body_html', 'calendar'] loop
        execute format('alter table delivery alter column %I set compression lz4', letter);
    end loop;
exception when feature_not_supported or syntax_error then -- built without it, or PostgreSQL 13
    null;
end
$$;
-- +goose StatementEnd

-- The letter that asks a focal point for news reads their activities alone.
create index on activity (focal_point_id);
