package store

import (
	"context"
	"fmt"

	"github.com/lib/pq"

	"secretariat/programme"
)

// AgendaRow is an agenda item with what the programme file does not say of it.
type AgendaRow struct {
	ID          int64          `db:"id"`
	Ref         string         `db:"ref"`
	Number      int            `db:"number"`
	Purpose     string         `db:"purpose"`
	Minutes     int            `db:"minutes"`
	Presenter   string         `db:"presenter"`
	State       string         `db:"state"` // admitted, deferred, withdrawn
	Reason      string         `db:"reason"`
	CarriedFrom string         `db:"carried_from"` // ref of the item of the earlier session
	TitleJSON   []byte         `db:"title"`
	Title       programme.Text `db:"-"`
	Actions     pq.StringArray `db:"actions"` // refs of the action items that it takes up
}

// AgendaItems returns all items of a session's agenda in their order, those withdrawn last.
func (tx *Tx) AgendaItems(ctx context.Context, sessionID int64) (list []AgendaRow, err error) {
	err = tx.SelectContext(ctx, &list, `
		select a.id, a.ref, a.number, a.title, a.purpose, a.minutes, coalesce(p.ref, '') as presenter, a.state, coalesce(a.reason, '') as reason,
			coalesce(c.ref, '') as carried_from,
			array(select x.ref from item_action i join action_item x on x.id = i.action_id where i.item_id = a.id order by x.id) as actions
		from agenda_item a left join person p on p.id = a.presenter_id left join agenda_item c on c.id = a.carried_from
		where a.session_id = $1 order by a.state = 'withdrawn', a.number, a.id`, sessionID)
	if err != nil {
		return nil, fmt.Errorf("load agenda of session %d: %w", sessionID, err)
	}
	for i := range list {
		if err := programme.UnmarshalRecord(list[i].TitleJSON, &list[i].Title); err != nil {
			return nil, fmt.Errorf("title of agenda item %s: %w", list[i].Ref, err)
		}
	}
	return list, nil
}

// InsertAgendaItem puts an item at the end of a session's agenda and returns its id.
func (tx *Tx) InsertAgendaItem(ctx context.Context, sessionID int64, a AgendaRow) (id int64, err error) {
	err = tx.GetContext(ctx, &id, `
		insert into agenda_item (session_id, ref, number, title, purpose, minutes, presenter_id, carried_from, updated_at)
		select $1, $2, coalesce((select max(number) from agenda_item where session_id = $1 and state <> 'withdrawn'), 0) + 1, $3, $4, $5,
			(select id from person where ref = nullif($6, '')), (select id from agenda_item where ref = nullif($7, '')), $8
		returning id`, sessionID, a.Ref, textValue(a.Title), a.Purpose, a.Minutes, a.Presenter, a.CarriedFrom, tx.Now)
	if err != nil {
		return 0, fmt.Errorf("add agenda item %s: %w", a.Ref, err)
	}
	return id, nil
}

// NumberAgenda numbers the items of an agenda in the order given, from 1.
func (tx *Tx) NumberAgenda(ctx context.Context, ids []int64) error {
	_, err := tx.ExecContext(ctx, `
		update agenda_item a set number = o.n, updated_at = $2 from unnest($1::bigint[]) with ordinality o(id, n)
		where a.id = o.id and a.number <> o.n`, pq.Array(ids), tx.Now)
	if err != nil {
		return fmt.Errorf("number agenda: %w", err)
	}
	return nil
}

// SetItemState records that an item is deferred, withdrawn or admitted again, and why.
func (tx *Tx) SetItemState(ctx context.Context, id int64, state, reason string) error {
	_, err := tx.ExecContext(ctx, `update agenda_item set state = $2, reason = nullif($3, ''), updated_at = $4 where id = $1`, id, state, reason, tx.Now)
	if err != nil {
		return fmt.Errorf("set state of agenda item %d: %w", id, err)
	}
	return nil
}

// ItemsToCarry returns the deferred items of the council's sessions before a session that were held or closed and that no
// later agenda has taken up.
func (tx *Tx) ItemsToCarry(ctx context.Context, sessionID int64) (list []AgendaRow, err error) {
	err = tx.SelectContext(ctx, &list, `
		select a.id, a.ref, a.number, a.title, a.purpose, a.minutes, coalesce(p.ref, '') as presenter, a.state, coalesce(a.reason, '') as reason,
			'' as carried_from, '{}'::text[] as actions
		from agenda_item a join session s on s.id = a.session_id join session t on t.id = $1 and t.council_id = s.council_id
			left join person p on p.id = a.presenter_id
		where a.state = 'deferred' and s.state in ('held', 'closed') and s.opens_at < t.opens_at and s.retired_at is null
			and not exists (select from agenda_item c where c.carried_from = a.id)
		order by s.opens_at, a.number`, sessionID)
	if err != nil {
		return nil, fmt.Errorf("look for agenda items to carry over: %w", err)
	}
	for i := range list {
		if err := programme.UnmarshalRecord(list[i].TitleJSON, &list[i].Title); err != nil {
			return nil, fmt.Errorf("title of agenda item %s: %w", list[i].Ref, err)
		}
	}
	return list, nil
}

// ActionsToCarry returns the ids of the open action items of the council's sessions before a session that its agenda does
// not take up yet.
func (tx *Tx) ActionsToCarry(ctx context.Context, sessionID int64) (ids []int64, err error) {
	err = tx.SelectContext(ctx, &ids, `
		select x.id from action_item x join session s on s.id = x.session_id join session t on t.id = $1 and t.council_id = s.council_id
		where x.done_on is null and s.state in ('held', 'closed') and s.opens_at < t.opens_at and s.retired_at is null
			and not exists (select from item_action i where i.session_id = t.id and i.action_id = x.id)
		order by x.due_on, x.id`, sessionID)
	if err != nil {
		return nil, fmt.Errorf("look for action items to carry over: %w", err)
	}
	return ids, nil
}

// TakeUpActions puts action items under an agenda item.
func (tx *Tx) TakeUpActions(ctx context.Context, sessionID, itemID int64, actions []int64) error {
	_, err := tx.ExecContext(ctx, `
		insert into item_action (session_id, action_id, item_id) select $1, x, $2 from unnest($3::bigint[]) x on conflict do nothing`,
		sessionID, itemID, pq.Array(actions))
	if err != nil {
		return fmt.Errorf("take up action items: %w", err)
	}
	return nil
}

// NextDraft returns the ref of the council's next regular session after one that is still being prepared, or ErrNotFound: a
// special session deals with what it was called for.
func (tx *Tx) NextDraft(ctx context.Context, sessionID int64) (ref string, err error) {
	err = tx.GetContext(ctx, &ref, `
		select t.ref from session s join session t on t.council_id = s.council_id and t.opens_at > s.opens_at
		where s.id = $1 and t.state in ('draft', 'tentative', 'confirmed') and t.kind = 'regular' and t.retired_at is null order by t.opens_at, t.id limit 1`, sessionID)
	if err != nil {
		return "", fmt.Errorf("look for the next session: %w", notFound(err))
	}
	return ref, nil
}
