package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// rowsOf names, for every row of the table of bad inputs (the study of trust, part 7: 120 rows), the folder and the test
// that holds it; "none" and a reason where the row asks for something that the program does not have. A test of this
// folder whose name begins with TestBadInputs holds its rows by number.
var rowsOf = []struct {
	first, last int
	where, test string
}{
	{1, 14, "cmd/secretariat", "TestBadInputsOfSchedules"},
	{15, 15, "cmd/secretariat", "TestBadInputsOfSchedules"}, // 7 is taken for Sunday
	{16, 24, "cmd/secretariat", "TestBadInputsOfSchedules"},
	{25, 25, "cmd/secretariat", "TestBadInputsOfSchedules"},
	{26, 29, "cmd/secretariat", "TestBadInputsOfConfiguration"},
	{30, 30, "cmd/secretariat", "TestBadInputPassword"},
	{31, 40, "cmd/secretariat", "TestBadInputsOfConfiguration"},
	{41, 41, "cmd/secretariat", "TestBadInputReplicasDisagree"},
	{42, 42, "none", "fonts are built in and no option names one; a program without them does not pass its own tests"},
	{43, 43, "cmd/secretariat", "TestBadInputsOfConfiguration"},
	{44, 44, "acts", "TestDoctorChecks"},
	{45, 45, "acts", "TestReportsOfAnEmptyProgramme"},
	{46, 46, "cmd/secretariat", "TestBadInputsOfReports"}, // the cut: store's TestSnapshotBadRows
	{47, 47, "reports", "TestAbsentNumbersAreNoZeros"},
	{48, 48, "store", "TestSnapshotValues"}, // how they are shown: reports' TestNumbersTooLargeToDraw
	{49, 50, "cmd/secretariat", "TestBadInputsOfReports"},
	{51, 51, "reports/typeset", "TestClean"},
	{52, 52, "reports/typeset", "TestUnshownCharacters"},
	{53, 53, "cmd/secretariat", "TestBadInputsOfReports"},
	{54, 54, "cmd/secretariat", "TestBadInputsOfReports"},
	{55, 58, "cmd/secretariat", "TestBadInputsOfReports"},
	{59, 60, "store", "TestR21ReportFence"},
	{61, 61, "cmd/secretariat", "TestBadInputsOfReports"},
	{62, 64, "cmd/secretariat", "TestReportRefuses"},
	{65, 65, "none", "a report as of a day to come is no mistake: it shows what is planned by then"},
	{66, 66, "cmd/secretariat", "TestReportRefuses"},
	{67, 67, "cmd/secretariat", "TestReportToAFullDevice"},
	{68, 68, "cmd/secretariat", "TestBadInputsOfProgramme"},
	{69, 70, "programme/file", "TestFaults"},
	{71, 73, "cmd/secretariat", "TestBadInputsOfProgramme"},
	{74, 74, "programme/file", "TestFormsThatAreTaken"},
	{75, 75, "acts", "TestOwnAddress"},
	{76, 76, "acts", "TestRedirect"},
	{77, 78, "none", "nothing is imported from CSV"},
	{79, 79, "cmd/secretariat", "TestBadInputsOfProgramme"},
	{80, 80, "none", "nothing is imported from CSV"},
	{81, 81, "reports/sheet", "TestCells"},
	{82, 83, "cmd/secretariat", "TestBadInputsOfProgramme"},
	{84, 87, "cmd/secretariat", "TestBadInputsOfProgramme"},
	{88, 88, "acts", "TestStoryOfASession"},
	{89, 100, "web", "TestTrust89To100"},
	{101, 101, "mail", "TestBadRelays"},
	{102, 102, "acts", "TestVerdictsInTheRow"},
	{103, 108, "mail", "TestBadRelays"},
	{109, 109, "acts", "TestRelayGateRests"}, // what is kept of the refusal: mail's TestBadRelays,
	{110, 110, "acts", "TestTooLarge"},
	{111, 112, "mail", "TestBadRelays"},
	{113, 114, "cmd/secretariat", "TestBadInputsOfOperations"},
	{115, 115, "cmd/secretariat", "TestBadInputTwoMigrate"},
	{116, 116, "cmd/secretariat", "TestDumpAndRestore"},
	{117, 118, "cmd/secretariat", "TestBadInputsOfOperations"},
	{119, 119, "cmd/secretariat", "TestBadInputAuditEntry"},
	{120, 120, "cmd/secretariat", "TestBadInputStreams"},
}

// Every row of the table has its test, and a row that a table of this folder holds stands in it by number.
func TestR16EveryBadInputHasATest(t *testing.T) {
	next := 1
	for _, r := range rowsOf {
		if r.first != next || r.last < r.first {
			t.Errorf("rows %d to %d follow on row %d", r.first, r.last, next-1)
		}
		next = r.last + 1
		if r.where == "none" {
			continue
		}
		body := testBody(t, r.where, r.test)
		if body == "" {
			t.Errorf("rows %d to %d: %s has no %s", r.first, r.last, r.where, r.test)
		}
		if !strings.HasPrefix(r.test, "TestBadInputs") {
			continue
		}
		for n := r.first; n <= r.last; n++ {
			if !regexp.MustCompile(fmt.Sprintf(`[({"]%d[,:]`, n)).MatchString(body) {
				t.Errorf("row %d is not in %s", n, r.test)
			}
		}
	}
	if next != 121 {
		t.Errorf("the table ends with row %d, want 120", next-1)
	}
}

// testBody returns the text of a test, from its name to the end of the function; "" when there is none.
func testBody(t *testing.T, folder, name string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", folder, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if _, rest, found := strings.Cut(string(b), "\nfunc "+name+"("); found {
			body, _, _ := strings.Cut(rest, "\n}\n")
			return body
		}
	}
	return ""
}
