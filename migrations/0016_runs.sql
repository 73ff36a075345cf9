-- +goose Up
-- Runs that wait for a person: held because a part failed or somebody said so, or in review until their window ends.
alter table report_run
    drop constraint report_run_state_check,
    add constraint report_run_state_check check (state in ('released', 'review', 'held', 'nothing-to-report', 'dropped')),
    add column faults       jsonb not null default '[]',   -- of held: [{file, line, column, text, section, all}]
    add column review_until timestamptz,                   -- from then on a run in review is released by itself
    add column released_at  timestamptz,
    add constraint report_run_review check (state <> 'review' or review_until is not null);
update report_run set released_at = created_at where state = 'released';
create index on report_run (review_until) where state = 'review';
