package scheduler

import (
	"context"

	"secretariat/acts"
	"secretariat/mail"
)

// tellRelay logs that the relay takes no letters, and that it does again: one replica does, once, however often it is
// tried between.
func (e *Engine) tellRelay(ctx context.Context, a *acts.Acts) {
	why, down, news, err := a.RelayNews(ctx)
	switch {
	case err != nil && ctx.Err() == nil:
		e.options.Log.Error("the state of the relay is not known", "error", err)
	case news:
		e.sayRelay(why, down)
	}
}

func (e *Engine) sayRelay(why mail.Verdict, down bool) {
	switch {
	case !down:
		e.options.Log.Info("the relay takes letters again")
	case why.Outcome == mail.Paused:
		e.options.Log.Error("the relay refuses us: letters wait until somebody mends it", "stage", why.Stage, "code", why.Code, "error", why.Text)
	default:
		e.options.Log.Warn("the relay does not answer: letters wait and go when it does", "stage", why.Stage, "code", why.Code, "error", why.Text)
	}
}
