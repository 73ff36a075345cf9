package main

// mutant is a bad design: text of a file, found exactly once, and what stands there instead.
type mutant struct {
	name, why string
	file      string
	old, bad  string
	pkg, test string // which must fail
}

var mutants = []mutant{
	{"no-lease-fence", "a sender whose lease has ended passes the commit point", "store/delivery_steps.go",
		"owner = $3 and attempts = $4 and lease_until > clock.now`", "owner = $3 and attempts = $4`", "store", "TestFence"},
	{"no-owner-fence", "whoever holds the row may commit for another attempt", "store/delivery_steps.go",
		"owner = $3 and attempts = $4 and lease_until > clock.now`", "(owner = $3 or true) and (attempts = $4 or true) and lease_until > clock.now`", "store", "TestFence"},
	{"mark-before-sending", "the letter is marked as sent before the final dot", "store/delivery_steps.go",
		"update delivery set state = 'committing', lease_until", "update delivery set state = 'sent', lease_until", "acts", "TestDeathAtEachPoint"},
	{"no-commit-point", "the letter is marked only after the answer, as a plain lease does", "acts/deliver.go",
		"return a.Store.CommitDelivery(ctx, d.ID", "return nil\n\t\treturn a.Store.CommitDelivery(ctx, d.ID", "acts", "TestKill|TestDeathAtEachPoint|TestDeliver.*|TestRetry.*|TestZombieIsFenced"},
	{"commit-after-the-dot", "the commit point is never asked before the final dot", "mail/pool.go",
		"if commit != nil {", "if commit != nil && c == nil {", "mail", "TestCommitPoint"},
	{"quit-after-refusal", "a refused letter's connection is ended politely, which sends the dot", "mail/pool.go",
		"c.Close() // never Quit", "c.Quit() // never Quit", "mail", "TestCommitPoint"},
	{"rescue-by-time-only", "a letter past its commit point goes back to pending like any other", "store/delivery_sweeps.go",
		"case e.State == DeliveryCommitting:", "case e.State == \"\":", "store", "TestSweep"},
	{"attempt-not-counted", "the attempt is not counted at the claim", "store/delivery_steps.go",
		"attempts = attempts + 1, updated_at", "attempts = attempts, updated_at", "store", "TestFence|TestSweep|TestClaim.*"},
	{"oracle-too-early", "the oracle is asked before the quiet period is over", "acts/deliver_uncertain.go",
		"if now.Before(quietUntil) {", "if now.Before(quietUntil) && d.ID < 0 {", "acts", "TestQuietPeriod|TestUncertainBeforeItsEnd"},
	{"blind-resend", "an uncertain report is sent once more without asking", "acts/deliver_uncertain.go",
		`case "report", "nothing-to-report", "report-held":`, `case "none":`, "acts", "TestUncertainWithoutOracle"},
	{"resend-for-ever", "an uncertain reminder is sent again as often as it is uncertain", "acts/deliver_uncertain.go",
		"again := !d.WasUncertain && !pointless", "again := !pointless", "acts", "TestUncertainWithoutOracle"},
	{"new-text-at-every-try", "a retry is built anew", "acts/deliver.go",
		"if d.FrozenAt == nil {\n\t\ta.freeze", "if d.FrozenAt == nil || d.Attempts > 1 {\n\t\ta.freeze", "acts", "TestRetryIsByteIdentical"},
	{"database-blames-the-letter", "a lost session puts the letter off", "acts/deliver_unbuilt.go",
		"innocent := store.Lost(cause) ||", "innocent := store.Lost(cause) && c.delivery.ID < 0 ||", "acts", "TestDatabaseAwayIsNoFaultOfTheLetter"},
	{"restore-sends", "a copied database sends like the original", "store/instance.go",
		"set held = held or coalesce(home <> `+home+`, false), home", "set held = held or coalesce(home <> `+home+`, false) and false, home", "store", "TestR13RestoreGuard"},
	{"row-lock-over-smtp", "the row stays locked by an open transaction while the relay talks", "acts/deliver.go",
		`	verdict := a.Sender.Send(ctx, c.message, func() error {
		return a.Store.CommitDelivery(ctx, d.ID, d.Owner, d.Attempts, max(a.lease(), a.quietPeriod()))
	})`, `	var verdict mail.Verdict
	_ = a.Store.InTx(ctx, func(tx *store.Tx) error {
		verdict = a.Sender.Send(ctx, c.message, func() error {
			return a.Store.CommitDelivery(ctx, d.ID, d.Owner, d.Attempts, max(a.lease(), a.quietPeriod()))
		})
		return nil
	})`, "acts", "TestNoTransactionOverSMTP"},
	{"checkpoint-at-fetch", "a letter counts as past its commit point from its claim on", "store/delivery_steps.go",
		"update delivery set state = 'sending', owner = $3", "update delivery set state = 'committing', owner = $3", "acts", "TestDeathAtEachPoint"},
	{"suspects-go-together", "what a dying process had in its hands goes together again", "acts/deliver.go",
		"if !alone {", "if !alone && id < 0 {", "acts", "TestSuspectsGoOneAtATime"},
	{"freeze-not-fenced", "a sender that lost its letter still writes the text of it", "store/deliveries.go",
		"(state <> 'sending' or owner = $14 and attempts = $15)", "(state <> 'sending' or owner = $14 or attempts <> $15 or true)", "store", "TestFreezeFence"},
	{"held-copy-claims", "a sender takes letters of a database that is held", "store/delivery_steps.go",
		"and not (select held from instance)", "and not (select held and false from instance)", "store", "TestR13RestoreGuard"},
}
