package store

import (
	"context"

	"secretariat/programme"
)

const contributions = `
	select c.ref, c.title, f.ref as provider, t.ref as receiver, c.kind, c.currency, c.pledged, c.purpose, m.transactions, b.budget, c.source
	from contribution c
	join organisation f on f.id = c.provider_id
	join organisation t on t.id = c.receiver_id
	left join (
		select m.contribution_id, jsonb_agg(jsonb_build_object('kind', m.kind, 'date', m.happened_on, 'amount', m.amount,
			'activity', a.ref, 'area', r.ref, 'note', m.note, 'source', m.source) order by m.happened_on, m.id) as transactions
		from transaction m left join activity a on a.id = m.activity_id left join area r on r.id = m.area_id
		group by m.contribution_id) m on m.contribution_id = c.id
	left join (
		select b.contribution_id, jsonb_agg(jsonb_build_object('area', r.ref, 'period', b.period, 'amount', b.amount,
			'source', b.source) order by r.id, b.period) as budget
		from budget_line b join area r on r.id = b.area_id
		group by b.contribution_id) b on b.contribution_id = c.id
	where c.retired_at is null or $1
	order by c.id`

// saveContributions saves contributions with their transactions, which are corrected or added, and their budgets, which are replaced.
func (tx *Tx) saveContributions(ctx context.Context, list []programme.Contribution) error {
	err := tx.put(ctx, "contributions", rows(list), `
		insert into contribution (ref, title, provider_id, receiver_id, kind, currency, pledged, purpose, source, updated_at)
		select x.ref, x.title, (select id from organisation where ref = x.provider), (select id from organisation where ref = x.receiver),
			x.kind, x.currency, x.pledged, x.purpose, x.source, $2
		from jsonb_to_recordset($1) x(n int, ref text, title jsonb, provider text, receiver text, kind text, currency text,
			pledged numeric, purpose jsonb, source text)
		order by x.n
		on conflict (ref) do update set (title, provider_id, receiver_id, kind, currency, pledged, purpose, source, retired_at, updated_at) =
			(excluded.title, excluded.provider_id, excluded.receiver_id, excluded.kind, excluded.currency, excluded.pledged,
				excluded.purpose, excluded.source, null, excluded.updated_at)`, `
		delete from budget_line b using jsonb_to_recordset($1) x(ref text), contribution c
		where c.ref = x.ref and b.contribution_id = c.id`)
	if err != nil {
		return err
	}
	budget := parts(list, "budget", func(c programme.Contribution) (string, []programme.BudgetLine) { return c.Ref, c.Budget })
	err = tx.put(ctx, "budget", budget, `
		insert into budget_line (contribution_id, area_id, period, amount, source)
		select c.id, (select id from area where ref = x.area), x.period, x.amount, x.source
		from jsonb_to_recordset($1) x(parent text, area text, period text, amount numeric, source text)
		join contribution c on c.ref = x.parent`)
	if err != nil {
		return err
	}
	movements := parts(list, "transactions", func(c programme.Contribution) (string, []programme.Transaction) { return c.Ref, c.Transactions })
	return tx.put(ctx, "transactions", movements, `
		with x as (
			select r.n, c.id as contribution_id, r.kind, r.date, r.ord, r.amount, r.note, r.source,
				coalesce((select id from activity where ref = r.activity), 0) as activity, coalesce((select id from area where ref = r.area), 0) as area
			from jsonb_to_recordset($1) r(parent text, n int, ord int, kind text, date date, amount numeric, activity text, area text, note jsonb, source text)
			join contribution c on c.ref = r.parent
		), there as (
			select id, contribution_id, kind, happened_on as date, coalesce(activity_id, 0) as activity, coalesce(area_id, 0) as area,
				row_number() over (partition by contribution_id, kind, happened_on, activity_id, area_id order by id) as ord
			from transaction where contribution_id in (select contribution_id from x)
		), corrected as (
			update transaction m set amount = x.amount, note = x.note, source = x.source
			from x join there t using (contribution_id, kind, date, activity, area, ord) where m.id = t.id
				and (m.amount, m.note::jsonb, m.source) is distinct from (x.amount, x.note, x.source)
		)
		insert into transaction (contribution_id, kind, happened_on, amount, activity_id, area_id, note, source)
		select x.contribution_id, x.kind, x.date, x.amount, nullif(x.activity, 0), nullif(x.area, 0), x.note, x.source
		from x left join there t using (contribution_id, kind, date, activity, area, ord) where t.id is null order by x.n`)
}
