package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"time"
)

// promise is a row of RELIABILITY.md. What proves it are scenarios of the campaign, found by the row's name, and tests.
type promise struct {
	row, text string
	tests     string // names, separated by blanks
	pending   string // what is still to be proved; "" for nothing
}

// promises are those that a reader may hold us to, in the order of their numbers.
var promises = []promise{
	{row: "R1", text: "Nothing due is lost and nothing is sent twice when a process dies; without an oracle every possible duplicate is in the list of uncertain letters", tests: "TestDeathAtEachPoint TestKill TestUncertainWithoutOracle"},
	{row: "R2", text: "The loss of a session in the database sends nothing twice", tests: "TestDatabaseAwayIsNoFaultOfTheLetter TestLost"},
	{row: "R3", text: "A sender that wakes up after its lease is stopped at the commit point, and so is a letter that a change of its session or an answer has overtaken", tests: "TestFence TestFreezeFence TestNoTransactionOverSMTP TestZombieIsFenced TestSessionChangesUnderSending"},
	{row: "R4", text: "After a crash of PostgreSQL work resumes within 5 s, nothing is lost or doubled, no daemon ends"},
	{row: "R5", text: "There is no leader: whichever replica is left decides the next fire", tests: "TestR5TakeOverOfAFire TestReplicas TestLostNudge"},
	{row: "R6", text: "On a link that swallows everything nothing blocks past its deadline and a second; SIGTERM ends within 20 s", tests: "TestStall TestWaitForAConnectionIsBounded"},
	{row: "R7", text: "Every fire is accounted for, in every time zone", tests: "TestR7Occurrences TestFires TestNext TestNextAgainstBruteForceYear TestNextAroundEveryTransition TestNextIncreasesInEveryZone TestEveryZoneEveryDay"},
	{row: "R8", text: "After an hour, a week or a year of downtime the catch-up rule decides, in bounded work", tests: "TestR8YearOfDowntime TestYearOfDowntime TestCatchUpLimit TestFiresPastTheirDeadline"},
	{row: "R9", text: "There is one clock, that of the database; a wrong clock of a replica changes nothing", tests: "TestR9ClockJumps TestR9PassHolds TestR9Watch TestClock"},
	{row: "R10", text: "A backlog of 100,000 drains within 10 minutes in less than 64 MiB above idle; an urgent letter leaves within 10 s", tests: "TestNudgePastBacklog"},
	{row: "R11", text: "A relay that is down is not hammered, over all replicas; retries back off", tests: "TestRelayGate TestRelayGateRests TestRatesHoldOverReplicas TestVerdicts"},
	{row: "R12", text: "A letter that kills its sender is put aside after three deaths, and those that died with it are sent", tests: "TestR12Poison TestSuspectsGoOneAtATime TestStopGivesTheClaimBack TestSweep"},
	{row: "R13", text: "A restored or copied database sends nothing until it is adopted", tests: "TestR13RestoreGuard TestAdoptSendsNothingOfThePast"},
	{row: "R14", text: "SIGTERM ends within 20 s and leaves nothing uncertain", tests: "TestContextEnds"},
	{row: "R15", text: "A report is one consistent snapshot", tests: "TestR15SnapshotIsOneMoment TestSameBytesInTwoProcesses"},
	{row: "R16", text: "Bad input is refused by name and place and changes nothing", tests: "TestR16EveryBadInputHasATest TestBadInputsOfSchedules TestBadInputsOfConfiguration TestBadInputsOfProgramme TestBadInputsOfReports TestReportRefuses TestBadInputsOfOperations TestBadInputPassword TestBadInputReplicasDisagree TestBadInputAuditEntry TestBadInputStreams TestTrust89To100 TestRefusedCommands TestRefusedFiles TestOptionFaults"},
	{row: "R17", text: "An artefact is what its SHA-256 says, whenever it is read", tests: "TestArtefacts"},
	{row: "R18", text: "The audit log is a chain: any edit, deletion, insertion or other order of its entries is found and named", tests: "TestR18AuditChain TestAuditChainOfSeveralReplicas"},
	{row: "R20", text: "Migrations are whole or not at all; of several starters one migrates", tests: "TestR20MigrationLock TestR20KilledMigration TestApplyOnceAndStatus TestNewerDatabaseStops TestChangedFileStops"},
	{row: "R21", text: "The walls around report queries, tokens, letters and files hold", tests: "TestR21ReportFence TestNothingInjects TestSecretsStayHidden TestBadTokensAreAllTheSame TestPostFromAnotherSiteIsRefused TestTokensAreHashed TestReadNotice FuzzParseSpec FuzzRead FuzzReadNotice FuzzReplies FuzzEventNames FuzzReadFreeBusy FuzzParseAnswer FuzzDefinition FuzzLetter FuzzToken"},
	{row: "R22", text: "A long life leaks nothing", tests: "TestYearOfDowntime"},
	{row: "R23", text: "The tests bite: known bad designs turn them red", tests: "TestR23MutantsFit"},
}

// limits is the part about what nobody is promised.
const limits = `## Not promised

- Exactly once over SMTP: between the final dot and the answer a connection may break, and nobody can say then whether the
  letter was taken (RFC 1047). What such a letter is called here is *uncertain*: it is listed and settled by a written rule.
- "Nothing sent twice" with an oracle is as good as the oracle: here it is a Maildir that the relay fills before it answers.
- That a quiet period shorter than the relay's own time-out is safe. A sender frozen between its commit point and the
  final dot, thawed after the oracle was asked, meets a closed connection only if the relay has given up meanwhile.
- Anything about a relay that lies: one that keeps a letter and denies it gets it again; one that says it took a letter
  and forgets it loses it.
- That a letter reaches the inbox, or that a server keeps what it accepted.
- Protection from an administrator of the database.

The kills of a campaign come many times a second. The value of the figures is that anybody can count them again, not that
machines die so often.
`

// writeReliability writes the table with what was reached today. It fails when a test did.
func writeReliability(o options, took time.Duration, outcomes []outcome, tests tested) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# What is promised, and how far it is proved\n\nWritten by `script/trust --seed %d%s` on %s, in %.1f minutes on %d cores. Every scenario runs real processes of the program\n"+
		"on a real PostgreSQL; the checker in `bench/trust/checker` counts from outside. The seed repeats the choices, not the timing.\n\n",
		o.seed, o.asked, time.Now().UTC().Format("2 January 2006, 15:04 UTC"), took.Minutes(), runtime.NumCPU())
	b.WriteString("| # | promise | reached | by |\n|---|---|---|---|\n")
	for _, p := range promises {
		p.write(&b, outcomes, tests)
	}
	b.WriteString("\n" + limits)
	return errors.Join(os.WriteFile(o.file, b.Bytes(), 0o644), unproved(tests))
}

// unproved names the tests that the promises lean on and that failed or do not exist; nil when all passed.
func unproved(tests tested) error {
	var missing []string
	for _, p := range promises {
		for _, name := range strings.Fields(p.tests) {
			if !tests.passed[name] {
				missing = append(missing, p.row+" "+name)
			}
		}
	}
	if missing != nil {
		return errors.Join(fmt.Errorf("tests that failed, are not there or had no time: %s", strings.Join(missing, ", ")), tests.err)
	}
	return nil
}

func (p promise) write(b *bytes.Buffer, outcomes []outcome, tests tested) {
	var reached, by []string
	for _, o := range outcomes {
		if o.Row == p.row {
			reached = append(reached, map[string]string{"kept": "kept: ", "absent": "*not run here*: ", "BROKEN": "**broken**: "}[o.verdict()]+strings.ReplaceAll(o.Reached, "|", "/"))
			by = append(by, "`script/trust --only "+o.Name+"`")
		}
	}
	ok, named := 0, strings.Fields(p.tests)
	for _, name := range named {
		if good, ran := tests.passed[name]; good {
			ok++
		} else if ran {
			reached = append(reached, "**failed**: "+name)
		} else {
			reached = append(reached, "**did not run**: "+name)
		}
		by = append(by, "`"+name+"`")
	}
	if ok > 0 {
		reached = append(reached, fmt.Sprintf("%d of %d tests passed", ok, len(named)))
	}
	if p.pending != "" {
		reached = append(reached, "*not proved yet*: "+p.pending)
	}
	fmt.Fprintf(b, "| %s | %s | %s | %s |\n", p.row, p.text, strings.Join(reached, "<br>"), strings.Join(by, "<br>"))
}

// tested is what the tests came to: which ran, and whether they passed. One that is not there does not exist or had no time.
type tested struct {
	passed map[string]bool
	err    error // that they could not be run, or to their end
}

func (t tested) summary() string {
	ok := 0
	for _, good := range t.passed {
		if good {
			ok++
		}
	}
	return fmt.Sprintf("%d of %d that ran passed", ok, len(t.passed))
}

// testFolders are where the tests stand that promises name.
var testFolders = []string{"acts", "bench/mutants", "calendar", "cmd/secretariat", "letters", "mail", "migrations", "programme/file", "reports", "scheduler", "store", "web"}

// runTests runs the tests that the promises name.
func runTests(ctx context.Context) tested {
	var names []string
	for _, p := range promises {
		names = append(names, strings.Fields(p.tests)...)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	left := 10 * time.Minute
	if end, ok := ctx.Deadline(); ok {
		left = max(time.Until(end)-5*time.Second, time.Second)
	}
	args := []string{"test", "-v", "-count=1", "-timeout", left.String(), "-run", "^(" + strings.Join(names, "|") + ")$"}
	for _, folder := range testFolders {
		args = append(args, "secretariat/"+folder)
	}
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.WaitDelay = time.Second      // what the tests have started may hold the pipe
	out, err := cmd.CombinedOutput() // which test failed stands in the answer
	t := tested{passed: map[string]bool{}, err: ctx.Err()}
	for _, line := range strings.Split(string(out), "\n") {
		fields := strings.Fields(line)
		if len(fields) < 3 || fields[0] != "---" || strings.HasPrefix(line, " ") {
			continue
		}
		good := fields[1] == "PASS:"
		if before, twice := t.passed[fields[2]]; twice {
			good = good && before // the same name in two packages
		}
		t.passed[fields[2]] = good
	}
	if len(t.passed) == 0 {
		t.err = errors.Join(t.err, err, fmt.Errorf("no test ran: %s", bytes.TrimSpace(out)))
	}
	return t
}
