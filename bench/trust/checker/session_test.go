package main

import (
	"os"
	"path/filepath"
	"testing"
)

// The checker finds every fault of a session's letters that is planted, and none where there is none.
func TestPlantedSessionFaults(t *testing.T) {
	const (
		log     = "t\taccepted\tinvite-x\tx\nt\taccepted\tend-x\tx\n"
		letters = "message_id,address,kind,state\ninvite-x,x,invitation,sent\nend-x,x,session-cancelled,sent\ninvite-y,y,invitation,suppressed\n"
		passed  = "message_id,letter_revision,session_revision,answered\ninvite-x,1,1,f\nend-x,2,2,f\n"
	)
	for _, row := range []struct {
		name                 string
		log, letters, passed string // added to the good ones
		want                 func(SessionResult) []string
	}{
		{name: "all well"},
		{name: "one died on its way, and the reader is told of the end", log: "t\taccepted\tend-y\ty\n", letters: "end-y,y,session-cancelled,sent\n",
			passed: "invite-y,1,1,f\nend-y,2,2,f\n"},
		{name: "out of date", passed: "invite-y,1,2,f\n", want: func(r SessionResult) []string { return r.Outdated }},
		{name: "answered before", passed: "ask-y,1,1,t\n", want: func(r SessionResult) []string { return r.Answered }},
		{name: "twice", log: "t\taccepted\tinvite-x\tx\n", want: func(r SessionResult) []string { return r.Twice }},
		{name: "arrived, and the row denies it", log: "t\taccepted\tinvite-y\ty\nt\taccepted\tend-y\ty\n", letters: "end-y,y,session-cancelled,sent\n",
			want: func(r SessionResult) []string { return r.Unlike }},
		{name: "sent without a copy", letters: "more-x,x,session-changed,sent\n", want: func(r SessionResult) []string { return r.Unlike }},
		{name: "heard of it and not of the end", log: "t\taccepted\task-y\ty\n", letters: "ask-y,y,reply-request,sent\n", want: func(r SessionResult) []string { return r.Untold }},
		{name: "heard of the end only", log: "t\taccepted\tend-y\ty\n", letters: "end-y,y,session-cancelled,sent\n", passed: "end-y,2,2,f\n",
			want: func(r SessionResult) []string { return r.Startled }},
	} {
		t.Run(row.name, func(t *testing.T) {
			dir := t.TempDir()
			put := func(name, text string) string {
				path := filepath.Join(dir, name)
				if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
				return path
			}
			r, err := judgeSession(put("log", log+row.log), put("letters", letters+row.letters), put("passed", passed+row.passed))
			if err != nil {
				t.Fatal(err)
			}
			if r.kept() != (row.want == nil) || row.want != nil && len(row.want(r)) == 0 {
				t.Errorf("got %+v", r)
			}
		})
	}
}
