package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
)

// killMigrators runs the test of package migrations that kills migrators at moments spread over their whole time, as often
// as asked for.
func killMigrators(ctx context.Context, _ *ground, z size) (string, bool, error) {
	z.say("%d migrators are killed", z.migrators)
	out, err := exec.CommandContext(ctx, "go", "test", "-count=1", "-v", "-run", "^TestR20KilledMigration$", "secretariat/migrations", "-kills", strconv.Itoa(z.migrators)).CombinedOutput()
	told := regexp.MustCompile(`\d+ killed, \d+ of them between two versions`).Find(out)
	if err == nil && told == nil {
		err = errors.New("the test does not say how many it killed")
	}
	if err != nil {
		return string(told), false, fmt.Errorf("%w\n%.2000s", err, out)
	}
	return string(told) + ": the next one came to the same tables as one that was never disturbed", true, nil
}
