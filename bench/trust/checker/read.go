package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
)

// readLog counts the copies of each Message-ID.
func readLog(name string) (map[string]int, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	copies := map[string]int{}
	for n, line := range strings.Split(strings.TrimSuffix(string(b), "\n"), "\n") {
		fields := strings.Split(line, "\t")
		if len(fields) < 3 || fields[1] != "accepted" || fields[2] == "" {
			return nil, fmt.Errorf("%s:%d: no line of the log: %q", name, n+1, line)
		}
		copies[fields[2]]++
	}
	return copies, nil
}

// readCSV reads a CSV file with a header that names at least the columns.
func readCSV(name string, columns ...string) (rows []map[string]string, err error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	all, err := csv.NewReader(strings.NewReader(string(b))).ReadAll()
	if err != nil || len(all) == 0 {
		return nil, errors.Join(fmt.Errorf("%s: no table", name), err)
	}
	for _, line := range all[1:] {
		row := map[string]string{}
		for i, head := range all[0] {
			row[head] = line[i]
		}
		rows = append(rows, row)
	}
	for _, c := range columns {
		if !slices.Contains(all[0], c) {
			return nil, fmt.Errorf("%s: no column %s", name, c)
		}
	}
	return rows, nil
}
