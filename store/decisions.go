package store

import (
	"context"
	"fmt"

	"secretariat/programme"
)

// DecisionRow is a decision with what the programme file does not say of it. Tallies are nil where nothing was counted.
type DecisionRow struct {
	Ref       string `db:"ref"`
	Number    string `db:"number"`
	For       *int   `db:"votes_for"`
	Against   *int   `db:"votes_against"`
	Abstained *int   `db:"abstained"`
	NoAction  string `db:"no_action"` // why nothing is to be done about it
	Actions   int    `db:"actions"`   // action items that follow from it
}

// Decisions returns the decisions of a session in their order.
func (tx *Tx) Decisions(ctx context.Context, sessionID int64) (list []DecisionRow, err error) {
	err = tx.SelectContext(ctx, &list, `
		select d.ref, d.number, d.votes_for, d.votes_against, d.abstained, coalesce(d.no_action, '') as no_action,
			(select count(*) from action_item a where a.decision_id = d.id) as actions
		from decision d where d.session_id = $1 order by d.id`, sessionID)
	if err != nil {
		return nil, fmt.Errorf("load decisions of session %d: %w", sessionID, err)
	}
	return list, nil
}

// InsertDecision records a decision with its tally.
func (tx *Tx) InsertDecision(ctx context.Context, sessionID int64, d programme.Decision, r DecisionRow) error {
	return tx.run(ctx, "record decision "+d.Number, `
		insert into decision (session_id, item_id, ref, number, text, method, decided_on, votes_for, votes_against, abstained, no_action, updated_at)
		select $1, a.id, $2, $3, $4, $5, $6, $7, $8, $9, nullif($10, ''), $12 from agenda_item a where a.session_id = $1 and a.ref = $11`,
		sessionID, d.Ref, d.Number, textValue(d.Text), d.Method, d.Date, r.For, r.Against, r.Abstained, r.NoAction, d.Item)
}

// DecisionNeedsNothing records why nothing is to be done about a decision. It returns ErrNotFound when there is none.
func (tx *Tx) DecisionNeedsNothing(ctx context.Context, sessionID int64, decision, why string) error {
	done, err := tx.ExecContext(ctx, `update decision set no_action = $3, updated_at = $4 where session_id = $1 and ref = $2`, sessionID, decision, why, tx.Now)
	if err != nil {
		return fmt.Errorf("decision %s: %w", decision, err)
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return fmt.Errorf("decision %s: %w", decision, ErrNotFound)
	}
	return nil
}

// InsertActionItem records an action item of a session.
func (tx *Tx) InsertActionItem(ctx context.Context, sessionID int64, a programme.ActionItem) error {
	return tx.run(ctx, "record action item "+a.Ref, `
		insert into action_item (session_id, decision_id, ref, text, owner_id, backup_id, due_on, updated_at)
		select $1, (select id from decision where session_id = $1 and ref = nullif($2, '')), $3, $4, (select id from person where ref = $5),
			(select id from person where ref = nullif($6, '')), $7, $8`,
		sessionID, a.Decision, a.Ref, textValue(a.Text), a.Owner, a.Backup, a.DueOn)
}

// FinishActionItem records that an action item is done, since when and by what one sees it.
func (tx *Tx) FinishActionItem(ctx context.Context, ref string, on programme.Date, evidence programme.Text) error {
	return tx.run(ctx, "finish action item "+ref, `update action_item set done_on = $2, evidence = $3, updated_at = $4 where ref = $1`, ref, on, textValue(evidence))
}
