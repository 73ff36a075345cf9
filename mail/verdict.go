package mail

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/emersion/go-smtp"
)

// Outcome is what became of a letter that was handed to the relay.
type Outcome string

// The outcomes. Whoever knows says whether another try helps: this package does, by the relay's reply.
const (
	Sent    Outcome = "sent"    // the relay took it
	Retry   Outcome = "retry"   // it was not taken; a later try may succeed
	Refused Outcome = "refused" // it was not taken and never will be
	Unknown Outcome = "unknown" // the connection was lost after the final dot
	Paused  Outcome = "paused"  // it was not taken because the relay takes nothing from us: a person must act
)

// Verdict is the end of one attempt.
type Verdict struct {
	Outcome  Outcome
	Stage    string // dial, tls, hello, auth, mail, rcpt, data, body, commit, dot, sent; build for a message that has no form
	Code     int    // of the reply, 0 when there was none
	Enhanced string // "5.1.1", "" when the reply had none
	Text     string // of the reply or the error, cleaned, at most 512 octets
	Took     time.Duration
}

// RelayDown reports that the attempt failed for the relay's sake, not for this letter's: the next letter would fare alike.
func (v Verdict) RelayDown() bool {
	if v.Outcome == Paused || v.Code == 421 {
		return true
	}
	return v.Outcome == Retry && (v.Stage == "dial" || v.Stage == "tls" || v.Stage == "hello" || v.Stage == "auth")
}

// AddressDead reports that the relay says there is no such mailbox or domain, so that writing there again is useless.
func (v Verdict) AddressDead() bool {
	return v.Outcome == Refused && (v.Enhanced == "5.1.1" || v.Enhanced == "5.1.2" || v.Enhanced == "5.1.10")
}

// TooLarge reports that the letter is larger than the relay takes, so that a smaller one may pass.
func (v Verdict) TooLarge() bool {
	return v.Outcome == Refused && (v.Enhanced == "5.3.4" || v.Code == 552 && v.Enhanced == "" && v.Stage == "mail")
}

// verdict reads the outcome of a failed step from its error. Before the final dot every failure without a reply may be
// tried again; after it, nobody knows.
func verdict(stage string, err error) Verdict {
	v := Verdict{Outcome: Retry, Stage: stage, Text: cleanText(err.Error())}
	if stage == "dot" {
		v.Outcome = Unknown
	}
	var reply *smtp.SMTPError
	if !errors.As(err, &reply) {
		return v
	}
	v.Code, v.Text = reply.Code, cleanText(reply.Message)
	if e := reply.EnhancedCode; e[0] > 0 {
		v.Enhanced = fmt.Sprintf("%d.%d.%d", e[0], e[1], e[2])
	}
	v.Outcome = outcomeOf(v.Stage, v.Code, v.Enhanced)
	return v
}

// outcomeOf is the table of replies that say no. Order matters: the first row that holds decides.
func outcomeOf(stage string, code int, enhanced string) Outcome {
	switch {
	case code == 421: // the server closes: whatever the stage, later
		return Retry
	case code == 454 && stage == "auth": // temporary authentication failure (RFC 4954, 6)
		return Retry
	case code == 530, code == 534, code == 535, code == 538: // who we are is refused
		return Paused
	case code >= 500 && strings.HasPrefix(enhanced, "5.7."): // policy: about us, not about the reader
		return Paused
	case code >= 500 && (stage == "tls" || stage == "hello" || stage == "auth"):
		return Paused
	case code >= 500 && code != 552 && stage == "mail": // our sender's address is refused; 552 is about the size
		return Paused
	case code >= 500 && code < 600:
		return Refused
	default: // 4xx: full, busy, greylisted; and replies that make no sense
		return Retry
	}
}

// cleanText makes what a server said fit for logs and tables: one line of printable text of at most 512 octets.
func cleanText(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > 512 {
		s = strings.ToValidUTF8(s[:509], "") + "…"
	}
	return s
}
