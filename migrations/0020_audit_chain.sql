-- +goose Up
-- The audit log as a chain: each row carries the hash of the row before it and its own, and audit_head knows the last
-- one. An edit, a deletion or another order breaks the chain at the row. What a hash is taken of stands in store/audit.go;
-- here the rows that were written before are chained in the same way, in the order of their ids.
-- (An administrator who rewrites the whole chain and its head is found only by a hash noted elsewhere:
-- `audit verify --contains`.)

create table audit_head (
    one  boolean primary key default true check (one), -- a single row, locked by whoever appends
    id   bigint not null, -- of the last row; 0 when there is none
    rows bigint not null,
    hash bytea  not null check (octet_length(hash) = 32)
);

alter table audit_log alter column id drop identity; -- the head numbers on, so that no number is skipped
alter table audit_log add column previous bytea, add column hash bytea;

-- +goose StatementBegin
do $$
declare
    r record;
    last bytea := decode(repeat('00', 32), 'hex');
    own bytea;
    n bigint := 0;
    last_id bigint := 0;
begin
    for r in select id, at, actor, action, object, before::text as before, after::text as after from audit_log order by id loop
        own := sha256(last || convert_to(
            r.id || chr(10) || (extract(epoch from r.at) * 1000000)::bigint || chr(10)
            || octet_length(r.actor) || ':' || r.actor || octet_length(r.action) || ':' || r.action || octet_length(r.object) || ':' || r.object
            || coalesce(octet_length(r.before) || ':' || r.before, '-') || coalesce(octet_length(r.after) || ':' || r.after, '-'), 'UTF8'));
        update audit_log set previous = last, hash = own where id = r.id;
        last := own;
        last_id := r.id;
        n := n + 1;
    end loop;
    insert into audit_head (id, rows, hash) values (last_id, n, last);
end
$$;
-- +goose StatementEnd

alter table audit_log
    alter column previous set not null,
    alter column hash set not null,
    add check (octet_length(previous) = 32),
    add check (octet_length(hash) = 32);

-- Nobody changes the log by mistake.
-- +goose StatementBegin
create function audit_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'the audit log is append only';
end
$$;
-- +goose StatementEnd
create trigger append_only before update or delete on audit_log for each row execute function audit_is_append_only();
create trigger append_only_whole before truncate on audit_log for each statement execute function audit_is_append_only();
