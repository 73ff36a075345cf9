package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// Replica is a process that works on this database.
type Replica struct {
	Name     string    `db:"name"`
	Text     []byte    `db:"settings"` // JSON of Settings
	BeganAt  time.Time `db:"began_at"`
	Settings map[string]string
}

// replicaForgotten is how long a replica that ended stays on record.
const replicaForgotten = 24 * time.Hour

// SeeReplica records that a replica runs, and by which settings.
func (tx *Tx) SeeReplica(ctx context.Context, name string, settings map[string]string) error {
	text, err := json.Marshal(settings)
	if err == nil {
		_, err = tx.ExecContext(ctx, `
			insert into replica (name, settings, began_at, seen_at) values ($1, $2, now(), now())
			on conflict (name) do update set settings = excluded.settings, seen_at = now()`, name, string(text))
	}
	if err == nil {
		_, err = tx.ExecContext(ctx, `delete from replica where seen_at < now() - $1 * interval '1 second'`, replicaForgotten.Seconds())
	}
	if err != nil {
		return fmt.Errorf("record replica %s: %w", name, err)
	}
	return nil
}

// ForgetReplica takes a replica that ends off the record.
func (tx *Tx) ForgetReplica(ctx context.Context, name string) error {
	if _, err := tx.ExecContext(ctx, `delete from replica where name = $1`, name); err != nil {
		return fmt.Errorf("forget replica %s: %w", name, err)
	}
	return nil
}

// Replicas returns the replicas that were seen within a time, those that began first coming first. It goes by the
// server's own clock: a demonstration's may jump.
func (tx *Tx) Replicas(ctx context.Context, within time.Duration) (list []Replica, err error) {
	err = tx.SelectContext(ctx, &list, `select name, settings, began_at from replica where seen_at > now() - $1 * interval '1 second' order by began_at, name`, within.Seconds())
	if err != nil {
		return nil, fmt.Errorf("list replicas: %w", err)
	}
	for i := range list {
		if err := json.Unmarshal(list[i].Text, &list[i].Settings); err != nil {
			return nil, fmt.Errorf("settings of replica %s: %w", list[i].Name, err)
		}
	}
	return list, nil
}
