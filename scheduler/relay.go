package scheduler

import "secretariat/mail"

// sayRelay says once that the relay takes no letters, and once that it does again, however often it is tried between.
func (e *Engine) sayRelay(why mail.Verdict, down bool) {
	if e.relayDown.Swap(down) == down {
		return
	}
	switch {
	case !down:
		e.options.Log.Info("the relay takes letters again")
	case why.Outcome == mail.Paused:
		e.options.Log.Error("the relay refuses us: letters wait until somebody mends it", "stage", why.Stage, "code", why.Code, "error", why.Text)
	default:
		e.options.Log.Warn("the relay does not answer: letters wait and go when it does", "stage", why.Stage, "code", why.Code, "error", why.Text)
	}
}
