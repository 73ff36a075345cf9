-- +goose Up
-- Which replicas run, and by which settings they go: those that all of them must have alike. None of them is a secret.
create table replica (
    name     text primary key,
    settings jsonb not null, -- option: value
    began_at timestamptz not null,
    seen_at  timestamptz not null
);
