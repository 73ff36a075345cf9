package scheduler

import (
	"context"
	"time"

	"secretariat/acts"
)

// leaveEnd is how long the end waits for the database to note that this replica is gone: others need not know at once.
const leaveEnd = time.Second

// watchReplicas says every minute that this replica runs, and logs when others go by other settings, and when they no
// longer do: once, however long it stays so.
func (e *Engine) watchReplicas(ctx context.Context, a *acts.Acts) {
	ticker := time.NewTicker(acts.ReplicaBeat)
	defer ticker.Stop()
	told := ""
	for ctx.Err() == nil {
		differ, err := a.SeeReplicas(ctx)
		switch {
		case ctx.Err() != nil:
		case err != nil:
			e.options.Log.Error("the other replicas are not known", "error", err)
		case differ == told:
		case differ == "":
			e.options.Log.Info("all replicas go by the same settings again")
			told = ""
		default:
			e.options.Log.Warn("replicas go by different settings: give all of them the same and start them anew", "differ", differ)
			told = differ
		}
		select {
		case <-ctx.Done():
		case <-ticker.C:
		}
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaveEnd)
	defer cancel()
	if err := a.LeaveReplicas(end); err != nil {
		e.options.Log.Debug("this replica stays on record for a while", "error", err)
	}
}
