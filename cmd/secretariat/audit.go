package main

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/spf13/cobra"

	"secretariat/store"
)

func (a *app) auditCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "audit", Short: "Who did what, and whether the log of it is whole"}
	cmd.AddCommand(a.auditListCommand(), a.auditVerifyCommand())
	return cmd
}

// shownEntry is an entry of the audit log as JSON; its keys are a contract.
type shownEntry struct {
	ID     int64           `json:"id"`
	At     time.Time       `json:"at"`
	Actor  string          `json:"actor"`
	Action string          `json:"action"`
	Object string          `json:"object"`
	Before json.RawMessage `json:"before"` // null for none
	After  json.RawMessage `json:"after"`
	Hash   string          `json:"hash"`
}

func showEntry(e store.AuditEntry) shownEntry {
	raw := func(s sql.NullString) json.RawMessage {
		if !s.Valid {
			return json.RawMessage("null")
		}
		return json.RawMessage(s.String)
	}
	return shownEntry{e.ID, e.At.UTC(), e.Actor, e.Action, e.Object, raw(e.Before), raw(e.After), hex.EncodeToString(e.Hash)}
}

func (a *app) auditListCommand() *cobra.Command {
	var f store.AuditFilter
	var from string
	cmd := &cobra.Command{
		Use: "list", Short: "List who did what, the oldest first", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.Limit < 0 {
				return badUse("a whole number, 0 for all", "--limit: %d entries cannot be listed", f.Limit)
			}
			return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
				if from != "" {
					zone, err := h.acts.Zone(ctx)
					if err != nil {
						return err
					}
					if f.From, err = parseMoment("from", from, zone); err != nil {
						return err
					}
				}
				list, err := h.acts.AuditLog(ctx, f)
				if err != nil {
					return err
				}
				shown := make([]shownEntry, 0, len(list))
				for _, e := range list {
					shown = append(shown, showEntry(e))
				}
				return a.emit(map[string]any{"entries": shown}, func() error {
					w := a.table("ID", "WHEN (UTC)", "WHO", "WHAT", "ON", "DETAILS")
					for _, e := range shown {
						details := string(e.After)
						if e.After == nil || details == "null" {
							details = ""
						}
						w.row(e.ID, e.At.Format("2006-01-02 15:04:05"), e.Actor, e.Action, e.Object, clipped(details, 60))
					}
					return w.Flush()
				})
			})
		},
	}
	cmd.Flags().StringVar(&f.Object, "object", "", `only about this object, e.g. "session X-REC-6"`)
	cmd.Flags().StringVar(&f.Actor, "actor", "", "only what this person or program did")
	cmd.Flags().StringVar(&f.Action, "action", "", `only this, e.g. "poll open"`)
	cmd.Flags().StringVar(&from, "from", "", "only from this moment on")
	cmd.Flags().IntVarP(&f.Limit, "limit", "n", 0, "at most so many, the newest; 0 for all")
	return cmd
}

// clipped keeps a cell of a table readable; --json has all of it.
func clipped(text string, most int) string {
	if r := []rune(text); len(r) > most {
		return string(r[:most]) + "…"
	}
	return text
}

// errBroken ends `audit verify` with exit code 1 after the findings were printed.
func errBroken(faults int) error {
	return failed("compare with a dump that was made before: secretariat db restore into another database", "the audit log is not as it was written: %d faults", faults)
}

func (a *app) auditVerifyCommand() *cobra.Command {
	var contains string
	cmd := &cobra.Command{
		Use: "verify", Short: "Check that no entry of the audit log was changed, taken out, put in or moved", Args: cobra.NoArgs,
		Long: "Each entry carries the hash of the one before it. Verify walks along the whole chain and names every entry at which it breaks; the exit code is 1 then.\n" +
			"Note the last hash somewhere else from time to time: `--contains HASH` says whether the log still contains that entry, which also finds a log that was written anew as a whole.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
				check, err := h.acts.VerifyAudit(ctx, contains)
				if err != nil {
					return err
				}
				if contains != "" && !check.Contains {
					check.Faults = append(check.Faults, store.AuditFault{What: "no entry has the hash " + contains})
				}
				if check.Faults == nil {
					check.Faults = []store.AuditFault{}
				}
				last := hex.EncodeToString(check.Head.Hash)
				err = a.emit(map[string]any{"entries": check.Head.Rows, "last": last, "faults": check.Faults}, func() error {
					for _, f := range check.Faults {
						a.say("entry %d: %s", f.ID, f.What)
					}
					if len(check.Faults) == 0 {
						a.say("%d entries, unbroken; the last hash is %s", check.Head.Rows, last)
					}
					return nil
				})
				if err == nil && len(check.Faults) > 0 {
					err = errBroken(len(check.Faults))
				}
				return err
			})
		},
	}
	cmd.Flags().StringVar(&contains, "contains", "", "a last hash that was noted earlier: it must still be in the log")
	return cmd
}
