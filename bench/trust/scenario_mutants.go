package main

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
)

// tellMutants asks what the last run of script/mutants came to, which takes longer than a campaign may.
func tellMutants(ctx context.Context, _ *ground, _ size) (string, bool, error) {
	cmd := exec.CommandContext(ctx, "go", "run", "secretariat/bench/mutants", "-told")
	out, err := cmd.CombinedOutput()
	text := strings.TrimSpace(string(out))
	if err != nil {
		return text, false, fmt.Errorf("go run secretariat/bench/mutants -told: %w", err)
	}
	return text + " (`script/mutants`)", true, nil
}
