package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"secretariat/acts"
	"secretariat/mail"
	"secretariat/programme"
	"secretariat/store"
)

func (a *app) outboxCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "outbox", Short: "Letters owed, sent and in doubt"}
	cmd.AddCommand(a.outboxListCommand(), a.outboxShowCommand(), a.outboxResendCommand(), a.outboxSettleCommand(), a.outboxSuppressedCommand(), a.outboxFreeCommand())
	return cmd
}

// shownDelivery is a delivery as JSON; its keys are a contract.
type shownDelivery struct {
	ID           int64      `json:"id"`
	Kind         string     `json:"kind"`
	State        string     `json:"state"`
	To           string     `json:"to"`
	Subject      string     `json:"subject"` // "" until the letter is built
	MessageID    string     `json:"message_id"`
	NotBefore    time.Time  `json:"not_before"`
	SentAt       *time.Time `json:"sent_at"`
	Reason       string     `json:"reason"`
	Attempts     int        `json:"attempts"`
	WasUncertain bool       `json:"was_uncertain"`
}

func showDelivery(d store.Delivery) shownDelivery {
	return shownDelivery{d.ID, d.Kind, d.State, d.Address, d.Subject, d.MessageID, d.NotBefore.UTC(), d.SentAt, d.Reason, d.Attempts, d.WasUncertain}
}

// deliveryStates are the states that --state takes, in the order of a letter's life.
var deliveryStates = []string{store.DeliveryPlanned, store.DeliveryPending, store.DeliverySending, store.DeliveryCommitting, store.DeliverySent,
	store.DeliveryUncertain, store.DeliveryFailed, store.DeliverySuppressed, store.DeliveryExpired}

func (a *app) outboxListCommand() *cobra.Command {
	var o acts.Outbox
	cmd := &cobra.Command{
		Use: "list", Short: "List letters in the order of their moments", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.State != "" && !slices.Contains(deliveryStates, o.State) {
				return badUse("one of "+strings.Join(deliveryStates, ", "), "no letter is ever %q%s", o.State, programme.DidYouMean(o.State, deliveryStates))
			}
			if o.Limit < 0 {
				return badUse("a whole number, 0 for all", "--limit: %d letters cannot be listed", o.Limit)
			}
			return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
				found, err := h.acts.Deliveries(ctx, o)
				if err != nil {
					return err
				}
				shown := make([]shownDelivery, 0, len(found))
				for _, d := range found {
					shown = append(shown, showDelivery(d))
				}
				return a.emit(map[string]any{"deliveries": shown}, func() error { return a.printDeliveries(shown) })
			})
		},
	}
	cmd.Flags().StringVar(&o.State, "state", "", "only letters in this state: "+strings.Join(deliveryStates, ", "))
	cmd.Flags().StringVar(&o.Kind, "kind", "", "only letters of this kind")
	cmd.Flags().IntVarP(&o.Limit, "limit", "n", 0, "at most so many; 0 for all")
	return cmd
}

func (a *app) printDeliveries(shown []shownDelivery) error {
	w := a.table("ID", "WHEN (UTC)", "KIND", "STATE", "TO", "SUBJECT OR REASON")
	for _, d := range shown {
		text := d.Subject
		if d.Reason != "" {
			text = d.Reason
		}
		if d.WasUncertain {
			text += " (was uncertain)"
		}
		w.row(d.ID, d.NotBefore.Format("2006-01-02 15:04"), d.Kind, d.State, d.To, text)
	}
	return w.Flush()
}

// shownAttempt is a line of a letter's log as JSON.
type shownAttempt struct {
	Attempt      int       `json:"attempt"`
	At           time.Time `json:"at"`
	Stage        string    `json:"stage"`
	Code         int       `json:"code"`
	EnhancedCode string    `json:"enhanced_code"`
	Text         string    `json:"text"`
	Replica      string    `json:"replica"`
	DurationMS   int       `json:"duration_ms"`
}

func (a *app) outboxShowCommand() *cobra.Command {
	var eml, ics bool
	cmd := &cobra.Command{
		Use: "show ID", Short: "Show a letter and the log of its attempts", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := deliveryID(args[0])
			if err != nil {
				return err
			}
			if eml && ics {
				return badUse("one of the two", "--eml and --ics cannot go together")
			}
			return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
				if eml || ics {
					return a.writeLetter(ctx, h, id, ics)
				}
				d, log, err := h.acts.Delivery(ctx, id)
				if err != nil {
					return err
				}
				return a.showLetter(d, log)
			})
		},
	}
	cmd.Flags().BoolVar(&eml, "eml", false, "write the message itself")
	cmd.Flags().BoolVar(&ics, "ics", false, "write its calendar object")
	return cmd
}

// writeLetter writes the bytes of a message, or of its calendar object, to standard output.
func (a *app) writeLetter(ctx context.Context, h *house, id int64, calendar bool) error {
	m, err := h.acts.Message(ctx, id)
	if err != nil {
		return err
	}
	if calendar {
		if m.Calendar == "" {
			return badUse("secretariat outbox show ID --eml", "letter %d has no calendar object", id)
		}
		_, err = a.out.Write([]byte(m.Calendar))
		return err
	}
	letter, err := mail.Assemble(m)
	if err != nil {
		return err
	}
	_, err = letter.WriteTo(a.out)
	return err
}

func (a *app) showLetter(d store.Delivery, log []store.Attempt) error {
	lines := make([]shownAttempt, 0, len(log))
	for _, l := range log {
		lines = append(lines, shownAttempt{l.Attempt, l.At.UTC(), l.Stage, l.Code, l.EnhancedCode, l.Text, l.Replica, l.DurationMS})
	}
	document, err := merged(showDelivery(d), map[string]any{"name": d.Name, "language": d.Language, "timezone": d.Timezone, "expires_at": d.ExpiresAt,
		"retry_at": d.RetryAt, "resend_of": d.ResendOf, "text": d.BodyText, "log": lines})
	if err != nil {
		return err
	}
	return a.emit(document, func() error {
		w := a.table()
		w.row("Letter", fmt.Sprintf("%d, %s, %s", d.ID, d.Kind, d.State))
		if d.Reason != "" {
			w.row("Reason", d.Reason)
		}
		w.row("To", fmt.Sprintf("%s <%s>, %s, %s", d.Name, d.Address, d.Language, d.Timezone))
		w.row("When", d.NotBefore.UTC().Format(time.RFC3339))
		if d.RetryAt != nil {
			w.row("Next try", d.RetryAt.UTC().Format(time.RFC3339))
		}
		if d.ExpiresAt != nil {
			w.row("No use after", d.ExpiresAt.UTC().Format(time.RFC3339))
		}
		if d.SentAt != nil {
			w.row("Sent", d.SentAt.UTC().Format(time.RFC3339))
		}
		if d.WasUncertain && d.State != store.DeliveryUncertain {
			w.row("Was", "uncertain before")
		}
		if d.ResendOf != nil {
			w.row("Resends", fmt.Sprint("letter ", *d.ResendOf))
		}
		w.row("Message-ID", "<"+d.MessageID+">")
		w.row("Subject", d.Subject)
		for _, l := range lines {
			w.row(fmt.Sprintf("Attempt %d", l.Attempt), fmt.Sprintf("%s %s %d %s %s", l.At.Format(time.RFC3339), l.Stage, l.Code, l.EnhancedCode, l.Text))
		}
		if err := w.Flush(); err != nil {
			return err
		}
		if d.BodyText != "" {
			a.say("\n%s", strings.TrimRight(d.BodyText, "\n"))
		}
		return nil
	})
}

// merged adds keys to the JSON form of a value.
func merged(v any, more map[string]any) (map[string]any, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	document := map[string]any{}
	if err := json.Unmarshal(b, &document); err != nil {
		return nil, err
	}
	for k, value := range more {
		document[k] = value
	}
	return document, nil
}

func (a *app) outboxResendCommand() *cobra.Command {
	var why string
	cmd := &cobra.Command{
		Use: "resend ID --why TEXT", Short: "Send a letter that has ended once more, as a new one", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := deliveryID(args[0])
			if err != nil {
				return err
			}
			return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
				again, err := h.acts.Resend(ctx, id, why, actor())
				if err != nil {
					return err
				}
				return a.emit(map[string]int64{"id": again, "resend_of": id}, func() error {
					a.say("letter %d goes out as letter %d", id, again)
					return nil
				})
			})
		},
	}
	cmd.Flags().StringVar(&why, "why", "", "the reason, for the audit log")
	return cmd
}

func (a *app) outboxSettleCommand() *cobra.Command {
	var why string
	cmd := &cobra.Command{
		Use: "settle ID sent|dropped --why TEXT", Short: "Say what became of an uncertain letter", Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := deliveryID(args[0])
			if err != nil {
				return err
			}
			return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
				if err := h.acts.Settle(ctx, id, args[1], why, actor()); err != nil {
					return err
				}
				return a.emit(map[string]any{"id": id, "outcome": args[1]}, func() error {
					a.say("letter %d is settled as %s", id, args[1])
					return nil
				})
			})
		},
	}
	cmd.Flags().StringVar(&why, "why", "", "the reason, for the audit log")
	return cmd
}

func deliveryID(word string) (int64, error) {
	id, err := strconv.ParseInt(word, 10, 64)
	if err != nil || id < 1 {
		return 0, badUse("secretariat outbox list shows the numbers", "%q is not the number of a letter", word)
	}
	return id, nil
}
