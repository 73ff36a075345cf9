package acts

import (
	"context"
	"fmt"

	"secretariat/letters"
	"secretariat/store"
)

// letterParts is what a letter source composes: all that is frozen with the delivery.
type letterParts struct {
	Letter      letters.Letter
	Calendar    string // iCalendar object, "" for none
	Method      string // of the calendar object
	Sequence    *int   // SEQUENCE of the calendar object
	Attachments []store.Attachment
	Headers     map[string]string // In-Reply-To, References, List-Unsubscribe …
}

// letterSource says, in the transaction of the claim, whether the letter of a delivery is still owed, and composes it.
// A reason other than "" means that it is not.
type letterSource func(ctx context.Context, a *Acts, tx *store.Tx, d store.Delivery) (parts letterParts, reason string, err error)

// source returns the letter source of a kind of letter: a new letter needs one line here.
func source(kind string) (letterSource, error) {
	switch kind {
	case "hold-the-date", "invitation", "session-changed", "session-postponed", "session-cancelled":
		return sessionLetter, nil
	case "session-reminder", "reply-request", "session-tomorrow", "join-link", "record-circulated", "session-overdue":
		return sessionReminder, nil
	case "reply-notice":
		return replyNotice, nil
	case kindAddressDead:
		return deadAddress, nil
	case "action-due", "action-overdue":
		return actionReminder, nil
	case "duty-due":
		return dutyReminder, nil
	case kindPoll, kindPollReminder:
		return pollSource, nil
	case "update-request":
		return updateRequest, nil
	case "report", "nothing-to-report":
		return reportLetter, nil
	case "report-held":
		return reportHeldLetter, nil
	default:
		return nil, fmt.Errorf("no letter of kind %q", kind)
	}
}
