package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"secretariat/acts"
	"secretariat/mail"
	"secretariat/store/private"
)

func (a *app) doctorCommand() *cobra.Command {
	var mailTo string
	var adopt bool
	cmd := &cobra.Command{
		Use: "doctor", Short: "Check the installation and say what to do about what is wrong", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if mailTo != "" {
				if err := mail.CheckAddress(mailTo); err != nil {
					return badUse("an address such as officer@example.org", "--mail-to: %w", err)
				}
			}
			return a.doctor(cmd.Context(), mailTo, adopt)
		},
	}
	cmd.Flags().StringVar(&mailTo, "mail-to", "", "send a letter of test to this address")
	cmd.Flags().BoolVar(&adopt, "adopt", false, "make this restored or copied database the one that sends")
	return cmd
}

func (a *app) doctor(ctx context.Context, mailTo string, adopt bool) error {
	return a.withHouse(ctx, needSender, func(ctx context.Context, h *house) error {
		if adopt {
			expired, err := h.acts.Adopt(ctx)
			if err != nil {
				return err
			}
			a.progress("adopted: %d letters of the past will not be sent", expired)
		}
		findings := append([]acts.Finding{a.databaseFinding(h)}, h.acts.Doctor(ctx, time.Now())...)
		findings = append(append(findings, timesFinding(a.options)), a.relayFindings(ctx, h, mailTo)...)
		return a.showFindings(findings)
	})
}

// databaseFinding says which database it is and, for a private one, how much room it has.
func (a *app) databaseFinding(h *house) acts.Finding {
	f := acts.Finding{Check: "database", State: acts.FindingGood, What: h.kind() + " " + h.Address()}
	if h.cluster == nil {
		return f
	}
	free, err := private.Free(h.cluster.Dir)
	if err == nil {
		f.What += fmt.Sprintf(", PostgreSQL %s, %d MB free", h.cluster.Version, free>>20)
		f.State, f.Hint = roomLeft(free)
	}
	return f
}

// roomLeft judges the free space of the disk that holds the private database, and with it all reports and papers: a pack of
// papers and the log of its transaction want some tens of megabytes.
func roomLeft(free uint64) (state, hint string) {
	const cure = "make room, or move the data folder and name it with --dir: PostgreSQL stops when the disk is full"
	switch {
	case free < 64<<20:
		return acts.FindingFault, cure
	case free < 1<<30:
		return acts.FindingWarning, cure
	}
	return acts.FindingGood, ""
}

// relayTimeout is for how long RFC 5321 (4.5.3.2.6) lets a relay take in a letter.
const relayTimeout = 10 * time.Minute

// timesFinding holds the lengths of time that senders go by to those of the conversation. What cannot work at all is refused
// with the options.
func timesFinding(o options) acts.Finding {
	lease, quiet, step := o.span("lease"), o.span("quiet-period"), o.span("smtp-timeout")
	f := acts.Finding{Check: "times", State: acts.FindingGood, What: fmt.Sprintf("lease %v and quiet period %v, for steps of %v", lease, quiet, step)}
	if quiet < relayTimeout {
		f.State, f.Hint = acts.FindingWarning, "--quiet-period is to be no less than the relay's own time-out (smtpd_timeout of Postfix); RFC 5321 allows it 10m"
	}
	return f
}

// relayFindings holds a conversation with the relay and, where asked, sends a letter.
func (a *app) relayFindings(ctx context.Context, h *house, mailTo string) []acts.Finding {
	if h.pool == nil {
		f := acts.Finding{Check: "relay", State: acts.FindingWarning, What: "none is set: letters wait", Hint: "set SECRETARIAT_SMTP_URL"}
		if mailTo != "" {
			f.State = acts.FindingFault
		}
		return []acts.Finding{f}
	}
	offer, err := h.pool.Check(ctx)
	if err != nil {
		return []acts.Finding{{Check: "relay", State: acts.FindingFault, What: err.Error(), Hint: relayCure(err)}}
	}
	if err := h.acts.TryRelay(ctx); err != nil {
		return []acts.Finding{{Check: "relay", State: acts.FindingFault, What: err.Error()}}
	}
	all := []acts.Finding{{Check: "relay", State: acts.FindingGood, What: offer.String()}}
	all = append(append(all, a.signatureFindings(h)...), oracleFinding(ctx, h))
	if mailTo == "" {
		return all
	}
	now := time.Now()
	verdict := h.pool.Send(ctx, &mail.Message{
		From: h.acts.Mail.From, To: mail.Address{Address: mailTo}, Subject: "Test letter of the secretariat", Date: now,
		MessageID: fmt.Sprintf("test.%d@%s", now.UnixNano(), h.acts.Mail.Domain),
		Text:      "This letter was sent by \"secretariat doctor\" to test the way from the program through the relay to you.\nNothing needs to be done.\n",
	}, func() error { return nil })
	if verdict.Stage != "sent" {
		return append(all, acts.Finding{Check: "mail", State: acts.FindingFault, What: fmt.Sprintf("not sent to %s: at %s: %s", mailTo, verdict.Stage, verdict.Text), Hint: "read the relay's answer"})
	}
	return append(all, acts.Finding{Check: "mail", State: acts.FindingGood, What: "sent to " + mailTo + "; see whether it arrives"})
}

// relayCure says what to do about a relay that cannot be talked to.
func relayCure(err error) string {
	var unproved *tls.CertificateVerificationError
	if errors.As(err, &unproved) {
		return "have the relay's certificate renewed, write the name in it in SECRETARIAT_SMTP_URL, or name the authority's certificate with --smtp-ca"
	}
	var clear tls.RecordHeaderError
	if errors.As(err, &clear) {
		return "smtps:// is for a port that speaks TLS from the beginning (465); for STARTTLS (587, 25) write smtp://"
	}
	var late interface{ Timeout() bool }
	if errors.As(err, &late) && late.Timeout() {
		return "check the host and port in SECRETARIAT_SMTP_URL and the network; for a port that speaks TLS from the beginning (465) write smtps://"
	}
	return "check SECRETARIAT_SMTP_URL, its password and the network"
}

// oracleFinding asks about a letter that never was, so that a log or journal that cannot be read shows here.
func oracleFinding(ctx context.Context, h *house) acts.Finding {
	f := acts.Finding{Check: "oracle", State: acts.FindingGood}
	if h.acts.Oracle == nil {
		f.What = "none: a report whose fate is unknown after a crash waits for an officer"
		return f
	}
	arrival, err := h.acts.Oracle.Accepted(ctx, "doctor@"+h.acts.Mail.Domain, time.Now())
	switch {
	case err != nil:
		f.State, f.What, f.Hint = acts.FindingFault, err.Error(), "check options journal and postfix-log, and who may read them"
	case !arrival.Known:
		f.What = "it answers, but cannot tell yet: " + arrival.Word
	default:
		f.What = "it can tell whether a letter arrived"
	}
	return f
}

// signatureFindings looks at the keys that sign letters. What the DNS says is not asked: the record is shown instead.
func (a *app) signatureFindings(h *house) []acts.Finding {
	dkim, smime, err := a.signers(h.acts.Mail.From.Address)
	if err != nil {
		return []acts.Finding{{Check: "signatures", State: acts.FindingFault, What: err.Error()}}
	}
	var all []acts.Finding
	if dkim != nil {
		name, record := dkim.Record()
		all = append(all, acts.Finding{Check: "dkim", State: acts.FindingGood, What: fmt.Sprintf("the key is good; the DNS must have %s TXT %q", name, record)})
	}
	if smime != nil {
		f := acts.Finding{Check: "s/mime", State: acts.FindingGood, What: "the certificate is good until " + smime.Until().Format(time.DateOnly)}
		if time.Until(smime.Until()) < 30*24*time.Hour {
			f.State, f.Hint = acts.FindingWarning, "have it renewed: letters are not signed, and the daemon does not start, when it has ended"
		}
		all = append(all, f)
	}
	return all
}

func (a *app) showFindings(findings []acts.Finding) error {
	faults := 0
	for _, f := range findings {
		if f.State == acts.FindingFault {
			faults++
		}
	}
	err := a.emit(map[string]any{"findings": findings, "faults": faults}, func() error {
		for _, f := range findings {
			a.say("%-8s %-16s %s", f.State, f.Check, f.What)
			if f.Hint != "" && f.State != acts.FindingGood {
				a.say("%-8s %-16s -> %s", "", "", f.Hint)
			}
		}
		return nil
	})
	if err == nil && faults > 0 {
		err = errors.New(map[bool]string{true: "1 fault found", false: fmt.Sprintf("%d faults found", faults)}[faults == 1])
	}
	return err
}
