package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// checks names the tests of each of the forty acceptance checks of the meeting planner.
var checks = [][]string{
	1:  {"TestCheck1KilledDaemon"},
	2:  {"TestCheck2TwoDaemons"},
	3:  {"TestCheck3ChangedOneSecondBefore"},
	4:  {"TestCheck4ThreeDaysDown"},
	5:  {"TestCheck5AnsweredWhileSending"},
	6:  {"TestCheck6OneLetterPerPerson"},
	7:  {"TestCheck7SessionInThirtySixHours"},
	8:  {"TestCheck8TwentyYearsAgo"},
	9:  {"TestCheck9DryRunIsWhatIsSent"},
	10: {"TestCheck10MembersOnFiveClocks"},
	11: {"TestCheck11Series"},
	12: {"TestCheck12ReportAtTheChangeOfClocks"},
	13: {"TestCheck13CronOfDayAndWeekday"},
	14: {"TestCheck14ZoneLaw"},
	15: {"TestCheck15FourteenRules", "TestCheck15Properties", "TestCheck15WholeTimetables"},
	16: {"TestCheck16ThreeKindsOfDays"},
	17: {"TestCheck17CirclesAndCoverage"},
	18: {"TestCheck18WaiverOfAMissedHardLine"},
	19: {"TestCheck19SeatCountsOnceInTheRollCall"},
	20: {"TestCheck20Quorums"},
	21: {"TestCheck21AgainstDraws"},
	22: {"TestCheck22LeavingChangesLaterVerdicts"},
	23: {"TestCheck23EqualsSlowFinder"},
	24: {"TestCheck24HardRulesAndNamedCosts"},
	25: {"TestCheck25MemoryOfBurdens"},
	26: {"TestCheck26And27CalendarObjects"},
	27: {"TestCheck26And27CalendarObjects"},
	28: {"TestCheck28LinksOnlyShow"},
	29: {"TestCheck29Feed"},
	30: {"TestCheck30StaleAfterAMove"},
	31: {"TestCheck31Delegation"},
	32: {"TestCheck32FilesThatCannotBeTaken", "TestCheck32PackOfBadFiles"},
	33: {"TestCheck33PackIsTheSameAgain"},
	34: {"TestCheck34WhoSeesWhichPaper"},
	35: {"TestCheck35MissingLanguageIsFlagged"},
	36: {"TestCheck36DecisionsAndActions", "TestCheck36NoClosingWithoutOwnerAndDate"},
	37: {"TestCheck37OverdueActions"},
	38: {"TestCheck38EveryStepNamesItsLetters"},
	39: {"TestCheck39ForbiddenSteps"},
	40: {"TestCheck40SeedStory"},
}

// TestEveryCheckHasItsTest finds the tests of the forty checks by their names in all packages: one that is renamed, removed or
// not in the table is told.
func TestEveryCheckHasItsTest(t *testing.T) {
	found := map[string]string{}
	name := regexp.MustCompile(`(?m)^func (TestCheck[0-9]+\w*)\(`)
	err := filepath.WalkDir("../..", func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, m := range name.FindAllSubmatch(text, -1) {
			found[string(m[1])] = path
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var named []string
	for n := 1; n <= 40; n++ {
		if len(checks) <= n || len(checks[n]) == 0 {
			t.Errorf("check %d has no test", n)
			continue
		}
		for _, test := range checks[n] {
			if found[test] == "" {
				t.Errorf("check %d: there is no %s", n, test)
			}
			named = append(named, test)
		}
	}
	for test, path := range found {
		if !slices.Contains(named, test) {
			t.Errorf("%s in %s is in no row of the table", test, path)
		}
	}
}
