package main

import "time"

// steps is a deadline that grows with how often a scenario does what it does.
func steps(start time.Duration, n int, each time.Duration) time.Duration {
	return start + time.Duration(n)*each
}

func within(d time.Duration) func(size) time.Duration {
	return func(size) time.Duration { return d }
}

// scenarios in the order in which they begin.
var scenarios = []scenario{
	{row: "R10", name: "backlog", alone: true, promise: "a backlog drains in time and memory, an urgent letter overtakes it", run: backlog,
		limit: func(z size) time.Duration { return 2*backlogLimit(z.backlog) + 4*time.Minute }},
	{row: "R1", name: "kill9", repeats: true, promise: "kill -9 of replicas at random moments, with an oracle: nothing lost, nothing sent twice", run: killWithOracle,
		limit: func(z size) time.Duration {
			return steps(90*time.Second, z.kills*max(z.repeat, 1), 400*time.Millisecond)
		}}, // they run beside each other
	{row: "R22", name: "soak", promise: "a year of reports, reminders and letters: goroutines, files and memory stay as they are", run: soak,
		limit: func(z size) time.Duration { return steps(90*time.Second, z.days, time.Second) }},
	{row: "R14", name: "sigterm", promise: "SIGTERM while letters are sent: replicas end in time, nothing is uncertain", run: terminate,
		limit: func(z size) time.Duration { return steps(time.Minute, z.terms, 2*time.Second) }},
	{row: "R4", name: "restart", promise: "immediate restarts of PostgreSQL: work resumes within 5 s, nothing lost, nothing sent twice", run: restartServer,
		limit: func(z size) time.Duration { return steps(90*time.Second, z.restarts, 8*time.Second) }},
	{row: "R3", name: "zombie", promise: "replicas are frozen beyond their lease and thawed: the fence stops them", run: freeze,
		limit: func(z size) time.Duration { return steps(time.Minute, z.freezes, 3*time.Second) }},
	{row: "R1", name: "kill9-no-oracle", promise: "the same without an oracle: every possible duplicate is in the list of uncertain letters", run: killWithoutOracle,
		limit: func(z size) time.Duration { return steps(90*time.Second, z.kills/5, time.Second) }},
	{row: "R2", name: "sessions", promise: "sessions of the database are ended under the replicas: nothing lost, nothing sent twice", run: endSessions,
		limit: func(z size) time.Duration { return steps(time.Minute, z.sessions, 500*time.Millisecond) }},
	{row: "R3", name: "moving-session", promise: "a session is moved and cancelled and members answer while its letters are sent: what is out of date does not leave", run: movingSession,
		limit: func(z size) time.Duration { return steps(2*time.Minute, z.members, 600*time.Millisecond) }},
	{row: "R6", name: "hole-database", limit: within(2 * time.Minute), promise: "a black hole between replica and database: nothing blocks past its deadline", run: blackHoleDatabase},
	{row: "R6", name: "hole-relay", limit: within(2 * time.Minute), promise: "a black hole between replica and relay: nothing blocks past its deadline", run: blackHoleRelay},
	{row: "R11", name: "evil-relay", limit: within(2 * time.Minute), promise: "a relay with every fault but lies: nothing lost, nothing sent twice", run: evilRelay},
	{row: "R20", name: "killed-migrators", promise: "migrators are killed: the next one goes on from a whole version", run: killMigrators,
		limit: func(z size) time.Duration { return steps(2*time.Minute, z.migrators, 3*time.Second) }},
	{row: "R5", name: "takeover", promise: "the replica that decided the last fires dies as the next fall due: the others have decided and run them within 15 s", run: takeOver,
		limit: func(z size) time.Duration { return steps(time.Minute, z.deaths, 20*time.Second) }},
	{row: "R9", name: "wrong-clocks", promise: "replicas whose clocks are wrong by ten minutes, and are set by hours, a day and ten years while they work: nothing lost, nothing sent twice, no fire twice or early", run: wrongClocks,
		limit: func(z size) time.Duration { return steps(90*time.Second, z.jumps, 6*time.Second) }},
	{row: "R17", name: "full-disk", limit: within(reportsWithin + 2*time.Minute), promise: "a full disk under the database: no report is marked as made without its files, and work goes on when there is space", run: fullDisk},
	{row: "R23", name: "mutants", limit: within(2 * time.Minute), promise: "known bad designs in the place of the good ones turn a test red", run: tellMutants},
	{row: "R4", name: "readonly", limit: within(90 * time.Second), promise: "a database that refuses to write for a while: nothing lost, nothing sent twice", run: readOnly},
}
