insert into programme (code, title, timezone, languages, currency, started_on)
values ('SMALL', '{"en": "Small programme"}', 'Asia/Tashkent', '{en,ru}', 'USD', '2024-01-01');

insert into organisation (ref, name, kind) values
    ('ISRS', '{"en": "Institute", "ru": "Институт"}', 'think-tank'), ('UNOCT', '{"en": "Office"}', 'un-entity');

insert into person (ref, name, organisation_id, email, language, timezone, roles, clearance, active)
select v.ref, v.name, 1, v.ref || '@example.org', 'en', 'Asia/Tashkent', v.roles::text[], v.clearance, v.active from (values
    ('sec',   'Sec Retary',    '{secretary}',               null,      true),
    ('focal', 'Fo Cal',        '{focal-point}',             null,      true),
    ('stake', 'Stake Holder',  '{stakeholder}',             null,      true),
    ('own',   'Own Clearance', '{secretary}',               'public',  true),
    ('both',  'Two Roles',     '{stakeholder,focal-point}', null,      true),
    ('memb',  'Member One',    '{stakeholder}',             null,      true),
    ('alt1',  'Alternate One', '{}',                        null,      true),
    ('alt2',  'Alternate Two', '{stakeholder}',             null,      true),
    ('gone',  'Not Active',    '{stakeholder}',             null,      false),
    ('past',  'Past Member',   '{stakeholder}',             null,      true)) v (ref, name, roles, clearance, active);

insert into agreement (ref, kind, title) values ('MOU', 'memorandum', '{"en": "Memorandum"}');
insert into pillar (ref, title) values ('I', '{"en": "One"}'), ('II', '{"en": "Two"}');
insert into area (ref, title, agreement_id, pillars) values
    ('A1', '{"en": "First area", "ru": "Первая область"}', 1, '{I}'), ('A2', '{"en": "Second area"}', 1, '{I,II}');
insert into result (ref, level, title, area_id) values ('R1', 'output', '{"en": "Result"}', 1);

-- Nine public activities, one limited, one confidential; the as-of day of the tests is 2026-11-23.
insert into activity (ref, title, area_id, kind, lead_id, focal_point_id, status, starts_on, due_on, original_due_on, closed_on, percent, confidentiality)
select ref, jsonb_build_object('en', ref), area, 'research', 1, 2, status, starts_on::date, due_on::date, original_due_on::date, closed_on::date, percent, confidentiality from (values
    ('late',       1, 'implementation', '2026-01-01', '2026-11-11', '2026-11-11', null,         90, 'public'),
    ('today',      1, 'implementation', '2026-01-01', '2026-11-23', '2026-11-23', null,         90, 'public'),
    ('slipped',    1, 'finalisation',   '2026-01-01', '2027-03-31', '2026-06-30', null,         70, 'public'),
    ('behind',     1, 'implementation', '2026-01-01', '2026-12-31', '2026-12-31', null,         50, 'public'),
    ('closed',     1, 'closed',         '2026-01-01', '2026-06-30', '2026-06-30', '2026-06-20', 95, 'public'),
    ('closes',     1, 'closed',         '2026-01-01', '2026-12-10', '2026-12-10', '2026-12-01', 100, 'public'),
    ('cancelled',  2, 'cancelled',      '2026-01-01', '2026-10-31', '2026-05-31', null,         10, 'public'),
    ('suspended',  2, 'suspended',      '2026-01-01', '2026-10-31', '2026-05-31', null,         10, 'public'),
    ('pipeline',   2, 'pipeline',       '2027-01-01', '2027-06-30', '2027-06-30', null,          0, 'public'),
    ('limited',    2, 'implementation', '2026-01-01', '2026-10-31', '2026-10-31', null,         40, 'limited'),
    ('secret',     2, 'implementation', '2026-01-01', '2026-10-31', '2026-10-31', null,         40, 'confidential')
    ) v (ref, area, status, starts_on, due_on, original_due_on, closed_on, percent, confidentiality);

insert into activity_update (activity_id, updated_on, percent, note, by_id) values
    (1, '2026-11-20', 80, '{"en": "Nearly there"}', 2), (1, '2026-11-24', 85, '{"en": "Too late to see"}', 2),
    (3, '2026-10-24', 70, '{"en": "Moved"}', 2), (4, '2026-11-01', 50, '{"en": "Half"}', 2);
insert into activity_revision (activity_id, revised_on, from_on, to_on, reason) values
    (3, '2026-06-15', '2026-06-30', '2026-09-30', '{"en": "Late data"}'),
    (3, '2026-09-15', '2026-09-30', '2026-12-31', '{"en": "More data"}'),
    (3, '2026-12-01', '2026-12-31', '2027-03-31', '{"en": "After the as-of day"}');
insert into milestone (activity_id, ref, title, due_on, original_due_on, met_on) values
    (1, 'm-met', '{"en": "Met"}', '2026-10-01', '2026-10-01', '2026-10-05'), (1, 'm-missed', '{"en": "Missed"}', '2026-11-22', '2026-11-22', null),
    (1, 'm-today', '{"en": "Today"}', '2026-11-23', '2026-11-23', null), (1, 'm-later', '{"en": "Met later"}', '2026-11-01', '2026-11-01', '2026-11-30'),
    (7, 'm-out', '{"en": "Of a cancelled one"}', '2026-10-01', '2026-10-01', null), (11, 'm-secret', '{"en": "Secret"}', '2026-10-01', '2026-10-01', null);

insert into indicator (ref, result_id, title, unit, direction, cumulative, baseline_value, baseline_year) values
    ('i-plain', 1, '{"en": "Plain"}', '{"en": "pieces"}', 'up', false, 5, 2023), ('i-cum', 1, '{"en": "Cumulative"}', '{"en": "pieces"}', 'up', true, 10, 2023),
    ('i-draft', 1, '{"en": "Draft"}', '{"en": "pieces"}', 'up', false, 0, 2023), ('i-zero', 1, '{"en": "Zero"}', '{"en": "pieces"}', 'up', false, 0, 2023),
    ('i-last', 1, '{"en": "Last"}', '{"en": "pieces"}', 'down', true, 34, 2023), ('i-none', 1, '{"en": "None"}', '{"en": "pieces"}', 'up', false, 0, 2023);
insert into indicator_period (indicator_id, from_on, to_on, target, actual, status) values
    (1, '2026-07-01', '2026-09-30', 4, null, 'draft'), (1, '2026-10-01', '2026-12-31', 8, 10, 'approved'), (2, '2026-10-01', '2026-12-31', 30, 15, 'submitted'),
    (3, '2026-10-01', '2026-12-31', 8, 4, 'draft'), (4, '2026-10-01', '2026-12-31', 0, 4, 'approved'), (5, '2025-01-01', '2025-12-31', 14, 18, 'approved'),
    (6, '2027-01-01', '2027-03-31', 8, null, 'draft');

insert into contribution (ref, title, provider_id, receiver_id, kind, currency, pledged) values
    ('C1', '{"en": "Money"}', 1, 2, 'financial', 'USD', 1000), ('C2', '{"en": "Hall"}', 1, 2, 'in-kind', 'USD', 200), ('C3', '{"en": "Nothing yet"}', 1, 2, 'financial', 'EUR', 500);
insert into transaction (contribution_id, kind, happened_on, amount, activity_id, area_id, note) values
    (1, 'pledge', '2026-01-01', 900, null, null, null), (1, 'disbursement', '2026-02-01', 600, null, null, '{"en": "Tranche"}'),
    (1, 'disbursement', '2026-11-24', 100, null, null, null), (1, 'expenditure', '2025-12-31', 100, null, 1, null),
    (1, 'expenditure', '2026-03-01', 150.5, 1, null, null), (1, 'expenditure', '2026-04-01', 49.5, 11, 2, '{"en": "Names the secret"}'),
    (1, 'expenditure', '2026-05-01', 30, null, null, null), (2, 'expenditure', '2026-05-01', 80, null, 1, null);
insert into budget_line (contribution_id, area_id, period, amount) values (1, 1, '2026', 301), (1, 1, '2025', 100), (1, 2, '2026', 0), (2, 1, '2026', 100);

insert into event (ref, title, activity_id, kind, starts_at, ends_at, place, mode, status) values
    ('e-public', '{"en": "Workshop"}', 1, 'workshop', '2026-12-01 09:00+05', '2026-12-01 17:00+05', '{"en": "Tashkent"}', 'online', 'planned'),
    ('e-secret', '{"en": "Secret workshop"}', 11, 'workshop', '2026-12-02 09:00+05', '2026-12-02 17:00+05', '{"en": "Tashkent"}', 'online', 'planned');
insert into publication (ref, title, language, from_id, to_id, exchanged_on, received_on, kind, activity_id) values
    ('p-seen', '{"en": "Seen"}', 'en', 1, 2, '2026-10-01', '2026-11-25', 'study', null), ('p-later', '{"en": "Later"}', 'en', 1, 2, '2026-11-24', null, 'study', null),
    ('p-secret', '{"en": "Secret"}', 'en', 1, 2, '2026-10-01', null, 'study', 11);
insert into risk (ref, title, probability, impact, response, owner_id, status, opened_on) values
    ('k1', '{"en": "Risk"}', 3, 4, '{"en": "Watch"}', 1, 'open', '2026-01-01'), ('k2', '{"en": "Later"}', 5, 5, '{"en": "Watch"}', 1, 'open', '2026-12-01');

insert into council (ref, name, seat_city, country, timezone, calendar, official_languages, working_languages, record, mandate_title)
values ('REC', '{"en": "Council"}', '{"en": "Tashkent"}', 'UZ', 'Asia/Tashkent', 'UZ', '{en}', '{en}', 'minutes', '{"en": "Mandate"}');
insert into seat (council_id, ref, label, voting) values
    (1, 's1', '{"en": "Seat one"}', true), (1, 's2', '{"en": "Seat two"}', true), (1, 's3', '{"en": "Vacant"}', true), (1, 's4', '{"en": "Observer"}', false);
insert into membership (seat_id, person_id, capacity, rank, term) values
    (1, 6, 'member', 0, '[2024-01-01,)'), (1, 7, 'alternate', 1, '[2024-01-01,)'), (1, 8, 'alternate', 2, '[2024-01-01,)'),
    (2, 2, 'member', 0, '[2024-01-01,)'), (3, 10, 'member', 0, '[2024-01-01,2026-07-01)');
insert into session (council_id, ref, number, kind, title, state, opens_at, closes_at, mode, confidentiality, uid, revision, revised_at) values
    (1, 'REC-1', 1, 'regular', '{"en": "First"}', 'held', '2026-05-19 10:00+05', '2026-05-19 13:00+05', 'in-person', 'public', 'u1', 0, '2026-01-01'),
    (1, 'REC-2', 2, 'regular', '{"en": "Second"}', 'confirmed', '2026-12-08 10:00+05', '2026-12-08 13:00+05', 'in-person', 'public', 'u2', 1, '2026-01-01'),
    (1, 'REC-3', 3, 'special', '{"en": "Secret"}', 'confirmed', '2026-12-15 10:00+05', '2026-12-15 13:00+05', 'in-person', 'confidential', 'u3', 0, '2026-01-01');
insert into agenda_item (session_id, ref, number, title, purpose, minutes) values (1, 'i1', 1, '{"en": "Opening"}', 'information', 10);
insert into decision (session_id, item_id, ref, number, text, method, decided_on) values
    (1, 1, 'd1', 'D-1', '{"en": "Agreed"}', 'consensus', '2026-05-19'), (1, 1, 'd2', 'D-2', '{"en": "By silence, later"}', 'silence', '2026-11-24');
insert into action_item (session_id, decision_id, ref, text, owner_id, due_on, done_on) values
    (1, 1, 'x1', '{"en": "Late one"}', 1, '2026-11-20', null), (1, 1, 'x2', '{"en": "Done later"}', 1, '2026-12-20', '2026-11-30'),
    (1, 1, 'x3', '{"en": "Done"}', 1, '2026-11-01', '2026-11-01'), (3, null, 'x4', '{"en": "Secret"}', 1, '2026-11-01', null);
insert into attendance (session_id, seat_id, person_id, mode) values (1, 1, 6, 'in-person'), (2, 1, 6, 'in-person');
insert into quorum_forecast (session_id, purpose, required, seats, expected, probability, computed_at) values
    (2, 'open', 1, 3, 2.1, 0.9, '2026-11-20'), (3, 'open', 1, 3, 2.1, 0.9, '2026-11-20');
insert into lead_time_rule (council_id, position, ref, title, anchor, side, by, roll, duty_of, hard) values
    (1, 1, 'notice', '{"en": "Notice"}', 'opening', 'before', 'P6W', 'earlier', 'secretary', true), (1, 2, 'papers', '{"en": "Papers"}', 'opening', 'before', 'P4W', 'earlier', 'members', false),
    (1, 3, 'record', '{"en": "Record"}', 'closing', 'after', 'P4W', 'later', 'secretary', false),
    (1, 4, 'call', '{"en": "Call"}', 'opening', 'before', 'P10W', 'none', 'secretary', false);
update lead_time_rule set by = '28 clear days', anchor = 'notice' where ref = 'papers';
update lead_time_rule set by = 'P1DT12H' where ref = 'record';
update lead_time_rule set done_when = 'session-confirmed', source = 'Rule 4', consequence = '{"en": "Void"}' where ref = 'notice';
insert into timetable_line (session_id, rule_id, due_on, due_at, state, done_at) values
    (2, 1, '2026-10-27', '2026-10-27 00:00+05', 'done', '2026-10-20'), (2, 2, '2026-11-10', '2026-11-10 00:00+05', 'done', '2026-11-25'), (2, 3, '2027-01-05', '2027-01-05 00:00+05', 'open', null),
    (3, 1, '2026-10-27', '2026-10-27 00:00+05', 'open', null), (2, 4, '2026-09-29', '2026-09-29 00:00+05', 'done', null);

insert into subscription (report, people, role, format, language) values
    ('weekly', null, 'stakeholder', 'pdf', null), ('weekly', '{stake,alt1,sec,own}', null, 'pdf', 'ru'), ('weekly', null, 'focal-point', 'pdf', null), ('other', '{sec}', null, 'pdf', null);
