package store

import (
	"context"

	"secretariat/programme"
)

// sessionOwners are the refs of the councils of the sessions, in the order of sessions.
const sessionOwners = `
	select c.ref from session s join council c on c.id = s.council_id where s.retired_at is null or $1 order by s.id`

// A session that is sitting, or between two sittings, is a confirmed one in the programme file.
const sessions = `
	select s.ref, s.number, s.kind, s.title, case when s.state in ('in_session', 'suspended', 'inquorate') then 'confirmed' else s.state end as state, s.reason,
		s.previously, s.opens_at, s.closes_at, s.mode, s.venue, s.online_url, s.confidentiality,
		(select jsonb_agg(jsonb_build_object('ref', a.ref, 'number', a.number, 'title', a.title, 'purpose', a.purpose,
				'minutes', a.minutes, 'presenter', p.ref, 'documents',
				(select jsonb_agg(d.ref order by i.position) from item_document i join document d on d.id = i.document_id where i.item_id = a.id),
				'source', a.source) order by a.number, a.id)
			from agenda_item a left join person p on p.id = a.presenter_id
			where a.session_id = s.id and a.state <> 'withdrawn') as agenda,
		(select jsonb_agg(jsonb_build_object('ref', d.ref, 'symbol', d.symbol, 'title', d.title, 'distribution', d.distribution, 'languages',
				(select jsonb_object_agg(language, jsonb_build_object('issued_on', issued_on, 'file', file)) from document_version where document_id = d.id),
				'source', d.source) order by d.id)
			from document d where d.session_id = s.id) as documents,
		(select jsonb_agg(jsonb_build_object('seat', t.ref, 'person', p.ref, 'answer', r.answer, 'mode', r.mode,
				'date', r.replied_on, 'delegate', g.ref, 'source', r.source) order by r.id)
			from reply r join seat t on t.id = r.seat_id join person p on p.id = r.person_id left join person g on g.id = r.delegate_id
			where r.session_id = s.id) as replies,
		(select jsonb_agg(jsonb_build_object('seat', e.ref, 'person', p.ref, 'mode', t.mode, 'source', t.source) order by e.id)
			from attendance t join seat e on e.id = t.seat_id join person p on p.id = t.person_id
			where t.session_id = s.id) as attendance,
		(select jsonb_agg(jsonb_build_object('ref', d.ref, 'number', d.number, 'item', a.ref, 'text', d.text,
				'method', d.method, 'date', d.decided_on, 'source', d.source) order by d.id)
			from decision d join agenda_item a on a.id = d.item_id where d.session_id = s.id) as decisions,
		(select jsonb_agg(jsonb_build_object('ref', i.ref, 'decision', d.ref, 'text', i.text, 'owner', o.ref,
				'backup', b.ref, 'due_on', i.due_on, 'done_on', i.done_on, 'evidence', i.evidence, 'source', i.source) order by i.id)
			from action_item i left join decision d on d.id = i.decision_id join person o on o.id = i.owner_id left join person b on b.id = i.backup_id
			where i.session_id = s.id) as action_items,
		s.source
	from session s
	where s.retired_at is null or $1
	order by s.id`

// saveSessions saves the sessions that the plan creates or updates, with their parts. A new session gets its calendar uid,
// and counts each earlier date as a revision; of one that is there, revision and sequence are left to the act that announces changes.
func (tx *Tx) saveSessions(ctx context.Context, save SaveProgramme) error {
	var list []programme.Session
	owner := map[string]string{}
	for _, c := range save.Target.Councils {
		for _, s := range c.Sessions {
			if save.changes("session", s.Ref) {
				list = append(list, s)
				owner[s.Ref] = c.Ref
			}
		}
	}
	all := rows(list)
	for i, s := range list {
		all[i]["council"], all[i]["domain"], all[i]["revision"] = owner[s.Ref], save.Domain, len(s.Previously)
	}
	err := tx.put(ctx, "sessions", all, `
		insert into session (council_id, ref, number, kind, title, state, reason, previously, opens_at, closes_at, mode, venue, online_url,
			confidentiality, uid, revision, sequence, revised_at, source, updated_at)
		select c.id, x.ref, x.number, x.kind, x.title, x.state, x.reason, coalesce(x.previously, '[]'), x.opens_at, x.closes_at, x.mode,
			x.venue, x.online_url, x.confidentiality, gen_random_uuid() || '@' || x.domain, x.revision, x.revision, $2, x.source, $2
		from jsonb_to_recordset($1) x(n int, council text, ref text, number int, kind text, title jsonb, state text, reason jsonb,
			previously jsonb, opens_at timestamptz, closes_at timestamptz, mode text, venue jsonb, online_url text, confidentiality text,
			domain text, revision int, source text)
		join council c on c.ref = x.council
		order by x.n
		on conflict (ref) do update set (number, kind, title, state, reason, previously, opens_at, closes_at, mode, venue, online_url,
				confidentiality, source, retired_at, updated_at) =
			(excluded.number, excluded.kind, excluded.title,
				case when session.state in ('in_session', 'suspended', 'inquorate') and excluded.state = 'confirmed' then session.state else excluded.state end,
				excluded.reason, excluded.previously, excluded.opens_at, excluded.closes_at, excluded.mode, excluded.venue,
				excluded.online_url, excluded.confidentiality, excluded.source, null, excluded.updated_at)`)
	if err != nil {
		return err
	}
	for _, step := range []func(context.Context, []programme.Session) error{
		tx.saveAgendas, tx.saveReplies, tx.saveOutcomes,
	} {
		if err := step(ctx, list); err != nil {
			return err
		}
	}
	return nil
}

// saveAgendas saves agenda items, papers and which paper belongs to which item. The agenda is as the file says.
func (tx *Tx) saveAgendas(ctx context.Context, list []programme.Session) error {
	err := tx.put(ctx, "agendas", rows(list), `
		delete from item_document i using jsonb_to_recordset($1) x(ref text), session s, agenda_item a
		where s.ref = x.ref and a.session_id = s.id and i.item_id = a.id`, `
		delete from agenda_item a using jsonb_to_recordset($1) x(ref text, agenda jsonb), session s
		where s.ref = x.ref and a.session_id = s.id and a.state <> 'withdrawn'
			and not exists (select from jsonb_array_elements(x.agenda) e where e ->> 'ref' = a.ref)`)
	if err != nil {
		return err
	}
	agenda := parts(list, "agenda", func(s programme.Session) (string, []programme.AgendaItem) { return s.Ref, s.Agenda })
	err = tx.put(ctx, "agenda items", agenda, `
		insert into agenda_item (session_id, ref, number, title, purpose, minutes, presenter_id, source, updated_at)
		select s.id, x.ref, x.number, x.title, x.purpose, x.minutes, (select id from person where ref = x.presenter), x.source, $2
		from jsonb_to_recordset($1) x(parent text, ref text, number int, title jsonb, purpose text, minutes int, presenter text, source text)
		join session s on s.ref = x.parent
		on conflict (session_id, ref) do update set (state, number, title, purpose, minutes, presenter_id, source, updated_at) =
			(case agenda_item.state when 'withdrawn' then 'admitted' else agenda_item.state end, excluded.number, excluded.title, excluded.purpose, excluded.minutes, excluded.presenter_id, excluded.source, excluded.updated_at)`)
	if err != nil {
		return err
	}
	papers := parts(list, "documents", func(s programme.Session) (string, []programme.Document) { return s.Ref, s.Documents })
	err = tx.put(ctx, "documents", papers, `
		insert into document (session_id, ref, symbol, title, distribution, source, updated_at)
		select s.id, x.ref, x.symbol, x.title, x.distribution, x.source, $2
		from (select row_number() over () as n, r.* from jsonb_to_recordset($1) r(parent text, ref text, symbol text, title jsonb,
			distribution text, source text)) x
		join session s on s.ref = x.parent
		order by x.n
		on conflict (session_id, ref) do update set (symbol, title, distribution, source, updated_at) =
			(excluded.symbol, excluded.title, excluded.distribution, excluded.source, excluded.updated_at)`, `
		delete from document_version v using jsonb_to_recordset($1) x(parent text, ref text), session s, document d
		where s.ref = x.parent and d.session_id = s.id and d.ref = x.ref and v.document_id = d.id`, `
		insert into document_version (document_id, language, issued_on, file)
		select d.id, l.key, (l.value ->> 'issued_on')::date, l.value ->> 'file'
		from jsonb_to_recordset($1) x(parent text, ref text, languages jsonb)
		join session s on s.ref = x.parent
		join document d on d.session_id = s.id and d.ref = x.ref, jsonb_each(x.languages) l`)
	if err != nil {
		return err
	}
	return tx.put(ctx, "documents of agenda items", agenda, `
		insert into item_document (item_id, position, document_id)
		select a.id, p.position, (select id from document d where d.session_id = s.id and d.ref = p.ref)
		from jsonb_to_recordset($1) x(parent text, ref text, documents text[])
		join session s on s.ref = x.parent
		join agenda_item a on a.session_id = s.id and a.ref = x.ref, unnest(x.documents) with ordinality p(ref, position)`)
}

// saveReplies adds the answers that are not there yet. An answer given before the session got its present date belongs to
// the revision before.
func (tx *Tx) saveReplies(ctx context.Context, list []programme.Session) error {
	answers := parts(list, "replies", func(s programme.Session) (string, []programme.Reply) { return s.Ref, s.Replies })
	return tx.put(ctx, "replies", answers, `
		with x as (
			select r.n, s.id as session_id, t.id as seat_id, p.id as person_id, r.answer, coalesce(r.mode, '') as mode,
				r.date, coalesce(g.id, 0) as delegate, r.ord, r.source, s.revision, (s.previously -> -1 ->> 'until')::date as moved_on, c.timezone
			from jsonb_to_recordset($1) r(parent text, n int, ord int, seat text, person text, answer text, mode text, date date, delegate text, source text)
			join session s on s.ref = r.parent
			join council c on c.id = s.council_id
			left join seat t on t.council_id = s.council_id and t.ref = r.seat
			left join person p on p.ref = r.person
			left join person g on g.ref = r.delegate
		), there as (
			select id, session_id, seat_id, person_id, answer, coalesce(mode, '') as mode, replied_on as date, coalesce(delegate_id, 0) as delegate,
				row_number() over (partition by session_id, seat_id, person_id, answer, mode, replied_on, delegate_id order by id) as ord
			from reply where session_id in (select session_id from x)
		), corrected as (
			update reply r set source = x.source
			from x join there t using (session_id, seat_id, person_id, answer, mode, date, delegate, ord)
			where r.id = t.id and r.source is distinct from x.source
		)
		insert into reply (session_id, seat_id, person_id, answer, mode, replied_on, replied_at, delegate_id, revision, via, source, created_at)
		select x.session_id, x.seat_id, x.person_id, x.answer, nullif(x.mode, ''), x.date,
			least($2, (x.date + time '12:00') at time zone x.timezone), nullif(x.delegate, 0),
			case when x.date < x.moved_on and x.revision > 0 then x.revision - 1 else x.revision end, 'file', x.source, $2
		from x left join there t using (session_id, seat_id, person_id, answer, mode, date, delegate, ord)
		where t.id is null order by x.n`)
}

// ReviseReplies makes the answers that this transaction took from a file, given on or after the day on which the session got
// its present date, answers to its present revision.
func (tx *Tx) ReviseReplies(ctx context.Context, session string) error {
	return tx.run(ctx, "revise replies of session "+session, `
		update reply r set revision = s.revision
		from session s join council c on c.id = s.council_id
		where s.ref = $1 and r.session_id = s.id and r.via = 'file' and r.created_at = $2
			and r.replied_on >= coalesce((s.previously -> -1 ->> 'until')::date, ($2::timestamptz at time zone c.timezone)::date)`, session)
}

// saveOutcomes saves who was there, what was decided and what is to be done.
func (tx *Tx) saveOutcomes(ctx context.Context, list []programme.Session) error {
	attendance := parts(list, "attendance", func(s programme.Session) (string, []programme.Attendance) { return s.Ref, s.Attendance })
	err := tx.put(ctx, "attendance", attendance, `
		insert into attendance (session_id, seat_id, person_id, mode, source)
		select s.id, t.id, (select id from person where ref = x.person), x.mode, x.source
		from jsonb_to_recordset($1) x(parent text, seat text, person text, mode text, source text)
		join session s on s.ref = x.parent
		left join seat t on t.council_id = s.council_id and t.ref = x.seat
		on conflict (session_id, seat_id) do update set (person_id, mode, source) = (excluded.person_id, excluded.mode, excluded.source)`)
	if err != nil {
		return err
	}
	decisions := parts(list, "decisions", func(s programme.Session) (string, []programme.Decision) { return s.Ref, s.Decisions })
	err = tx.put(ctx, "decisions", decisions, `
		insert into decision (session_id, item_id, ref, number, text, method, decided_on, source, updated_at)
		select s.id, (select id from agenda_item a where a.session_id = s.id and a.ref = x.item), x.ref, x.number, x.text, x.method, x.date, x.source, $2
		from (select row_number() over () as n, r.* from jsonb_to_recordset($1) r(parent text, ref text, number text, item text, text jsonb,
			method text, date date, source text)) x
		join session s on s.ref = x.parent
		order by x.n
		on conflict (session_id, ref) do update set (item_id, number, text, method, decided_on, source, updated_at) =
			(excluded.item_id, excluded.number, excluded.text, excluded.method, excluded.decided_on, excluded.source, excluded.updated_at)`)
	if err != nil {
		return err
	}
	actions := parts(list, "action_items", func(s programme.Session) (string, []programme.ActionItem) { return s.Ref, s.ActionItems })
	return tx.put(ctx, "action items", actions, `
		insert into action_item (session_id, decision_id, ref, text, owner_id, backup_id, due_on, done_on, evidence, source, updated_at)
		select s.id, (select id from decision d where d.session_id = s.id and d.ref = x.decision), x.ref, x.text,
			(select id from person where ref = x.owner), (select id from person where ref = x.backup), x.due_on, x.done_on, x.evidence, x.source, $2
		from (select row_number() over () as n, r.* from jsonb_to_recordset($1) r(parent text, ref text, decision text, text jsonb,
			owner text, backup text, due_on date, done_on date, evidence jsonb, source text)) x
		join session s on s.ref = x.parent
		order by x.n
		on conflict (ref) do update set (session_id, decision_id, text, owner_id, backup_id, due_on, done_on, evidence, source, updated_at) =
			(excluded.session_id, excluded.decision_id, excluded.text, excluded.owner_id, excluded.backup_id, excluded.due_on,
				excluded.done_on, excluded.evidence, excluded.source, excluded.updated_at)`)
}
