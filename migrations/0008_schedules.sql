-- +goose Up
-- The holiday calendar that schedules keep; null: none.
alter table programme add column calendar text;

alter table schedule
    add column starts_on date,                            -- from which "every 6 weeks" counts
    add column allow_or boolean not null default false,   -- day of month and weekday may both be restricted
    add column holiday text not null default 'send' check (holiday in ('send', 'skip', 'next-working-day')),
    add column catch_up_limit int not null default 20 check (catch_up_limit between 1 and 1000);

-- A fire of the past that somebody asked for.
alter table schedule_occurrence
    drop constraint schedule_occurrence_decision_check,
    add constraint schedule_occurrence_decision_check check (decision in ('on_time', 'catch_up', 'skipped', 'manual', 'backfill'));
