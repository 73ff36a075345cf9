// Command mutants proves that the tests bite: it puts one known bad design at a time in the place of a decision of the
// program and demands that the test named beside it turns red. The program's own files are never touched: the changed copy
// is laid over the original for one build (go test -overlay).
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// mutant is a bad design: text of a file, found exactly once, and what stands there instead.
type mutant struct {
	name, why string
	file      string
	old, bad  string
	pkg, test string // which must fail
}

var mutants = []mutant{
	{"no-lease-fence", "a sender whose lease has ended passes the commit point", "store/delivery_steps.go",
		"owner = $3 and attempts = $4 and lease_until > $5`", "owner = $3 and attempts = $4`", "store", "TestFence"},
	{"no-owner-fence", "whoever holds the row may commit for another attempt", "store/delivery_steps.go",
		"owner = $3 and attempts = $4 and lease_until > $5`", "(owner = $3 or true) and (attempts = $4 or true) and lease_until > $5`", "store", "TestFence"},
	{"mark-before-sending", "the letter is marked as sent before the final dot", "store/delivery_steps.go",
		"update delivery set state = 'committing', lease_until", "update delivery set state = 'sent', lease_until", "acts", "TestDeathAtEachPoint"},
	{"no-commit-point", "the letter is marked only after the answer, as a plain lease does", "acts/deliver.go",
		"return tx.CommitDelivery(ctx, d.ID", "return nil\n\t\t\treturn tx.CommitDelivery(ctx, d.ID", "acts", "TestKill|TestDeathAtEachPoint|TestDeliver.*|TestRetry.*|TestZombieIsFenced"},
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
	{"database-blames-the-letter", "a lost session puts the letter off", "acts/deliver.go",
		"if store.Lost(err) {", "if store.Lost(err) && id < 0 {", "acts", "TestDatabaseAwayIsNoFaultOfTheLetter"},
	{"restore-sends", "a copied database sends like the original", "store/instance.go",
		"set held = held or coalesce(home <> `+home+`, false), home", "set held = held or coalesce(home <> `+home+`, false) and false, home", "store", "TestR13RestoreGuard"},
	{"held-copy-claims", "a sender takes letters of a database that is held", "store/delivery_steps.go",
		"and not (select held from instance)", "and not (select held and false from instance)", "store", "TestR13RestoreGuard"},
}

func main() {
	only := flag.String("only", "", "mutants by name, separated by commas")
	flag.Parse()
	root, err := os.Getwd()
	if err == nil {
		_, err = os.Stat(filepath.Join(root, "go.mod"))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "error: run it in the folder of the module:", err)
		os.Exit(2)
	}
	alive := 0
	for _, m := range mutants {
		if *only != "" && !strings.Contains(","+*only+",", ","+m.name+",") {
			continue
		}
		verdict, dead := m.try(root)
		if !dead {
			alive++
		}
		fmt.Printf("%-26s %-9s %s (%s: %s)\n", m.name, map[bool]string{true: "caught", false: "SURVIVES"}[dead], m.why, m.test, verdict)
	}
	if alive > 0 {
		fmt.Fprintf(os.Stderr, "error: %d mutants survive or could not be tried\n", alive)
		os.Exit(1)
	}
}

// try runs the test with the mutant in place. dead means that the test ran and failed; a mutant that does not compile, or
// whose text is no longer there, proves nothing.
func (m mutant) try(root string) (verdict string, dead bool) {
	original := filepath.Join(root, m.file)
	source, err := os.ReadFile(original)
	if err != nil {
		return err.Error(), false
	}
	if n := strings.Count(string(source), m.old); n != 1 {
		return fmt.Sprintf("its text stands %d times in %s, want once", n, m.file), false
	}
	dir, err := os.MkdirTemp("", "mutant-")
	if err != nil {
		return err.Error(), false
	}
	defer os.RemoveAll(dir)
	changed, overlay := filepath.Join(dir, "mutant.go"), filepath.Join(dir, "overlay.json")
	list, err := json.Marshal(map[string]map[string]string{"Replace": {original: changed}})
	if err == nil {
		err = os.WriteFile(changed, []byte(strings.Replace(string(source), m.old, m.bad, 1)), 0o600)
	}
	if err == nil {
		err = os.WriteFile(overlay, list, 0o600)
	}
	if err != nil {
		return err.Error(), false
	}
	cmd := exec.Command("go", "test", "-vet=off", "-count=1", "-timeout", "5m", "-overlay", overlay, "-run", "^("+m.test+")$", "secretariat/"+m.pkg)
	out, err := cmd.CombinedOutput()
	switch text := string(out); {
	case err == nil:
		return "passed", false
	case strings.Contains(text, "[build failed]"), !strings.Contains(text, "--- FAIL"):
		return "did not run: " + strings.TrimSpace(text), false
	}
	return "failed, as it must", true
}
