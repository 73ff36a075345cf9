package acts

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"secretariat/store"
)

// ReplicaBeat is how often a replica says that it runs; one that is silent for three beats is taken for ended.
const ReplicaBeat = time.Minute

// SeeReplicas records that this replica runs and returns how the others' settings differ from its own, a line for each of
// them, "" for none. Letters of replicas that disagree about the sender or the address of the pages contradict each other,
// and with leases that disagree one may take a letter for abandoned that another is sending (row 41 of the bad inputs).
func (a *Acts) SeeReplicas(ctx context.Context) (differ string, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		if err := tx.SeeReplica(ctx, a.Replica, a.Settings); err != nil {
			return err
		}
		all, err := tx.Replicas(ctx, 3*ReplicaBeat)
		differ = strings.Join(differences(a.Replica, a.Settings, all), "\n")
		return err
	})
	return differ, err
}

// LeaveReplicas says that this replica ends.
func (a *Acts) LeaveReplicas(ctx context.Context) error {
	return a.Store.InTx(ctx, func(tx *store.Tx) error { return tx.ForgetReplica(ctx, a.Replica) })
}

// differences says of every other replica by which settings it goes that are not these.
func differences(self string, settings map[string]string, all []store.Replica) (lines []string) {
	for _, other := range all {
		var what []string
		names := map[string]bool{}
		for name := range settings {
			names[name] = true
		}
		for name := range other.Settings {
			names[name] = true
		}
		for _, name := range slices.Sorted(maps.Keys(names)) {
			if mine, theirs := settings[name], other.Settings[name]; mine != theirs {
				what = append(what, fmt.Sprintf("%s is %q there and %q here", name, theirs, mine))
			}
		}
		if other.Name != self && what != nil {
			lines = append(lines, fmt.Sprintf("replica %s: %s", other.Name, strings.Join(what, "; ")))
		}
	}
	return lines
}

// checkReplicas compares the settings of those who run with one another.
func (a *Acts) checkReplicas(ctx context.Context) Finding {
	var all []store.Replica
	err := a.Store.InTx(ctx, func(tx *store.Tx) (err error) {
		all, err = tx.Replicas(ctx, 3*ReplicaBeat)
		return err
	})
	switch {
	case err != nil:
		return fault("replicas", err)
	case len(all) == 0:
		return Finding{Check: "replicas", State: FindingGood, What: "none runs"}
	}
	if lines := differences(all[0].Name, all[0].Settings, all); lines != nil {
		return Finding{"replicas", FindingWarning, fmt.Sprintf("%d run, and not by the same settings as %s: %s", len(all), all[0].Name, strings.Join(lines, "; ")),
			"give all of them the same options, templates and version, and start them anew"}
	}
	return Finding{Check: "replicas", State: FindingGood, What: fmt.Sprintf("%d run, by the same settings", len(all))}
}
