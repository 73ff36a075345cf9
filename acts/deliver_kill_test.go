package acts

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"testing"
	"time"

	"secretariat/letters"
	"secretariat/mail"
	"secretariat/mail/mailtest"
	"secretariat/store"
	"secretariat/store/storetest"
	"secretariat/templates"
)

// TestSenderProcess is one replica of TestKill, in a process of its own that is killed from outside. Without its
// environment it has nothing to do.
func TestSenderProcess(t *testing.T) {
	url := os.Getenv("KILL_DATABASE")
	if url == "" {
		return
	}
	maildir, err := mail.OpenMaildir(os.Getenv("KILL_MAILDIR"))
	if err != nil {
		t.Fatal(err)
	}
	o := &outbox{t: t, why: map[string]string{}}
	o.Acts = o.replica("process-"+strconv.Itoa(os.Getpid()), storetest.Open(t, url), os.Getenv("KILL_RELAY"))
	if os.Getenv("KILL_ORACLE") != "none" {
		o.Oracle = maildir
	}
	o.Mail.Lease, o.Mail.QuietPeriod = 300*time.Millisecond, 600*time.Millisecond
	if os.Getenv("KILL_LETTERS") == "real" { // composed from the sessions in the database
		if o.Letters, err = letters.Load(templates.Letters); err != nil {
			t.Fatal(err)
		}
		o.sources, o.Mail.Domain = nil, "sec.example"
		o.Mail.Lease = 2 * time.Second // composing from the whole programme takes longer than plainLetter
	}
	if key := os.Getenv(poisonKey); key != "" {
		source := poisoned(key)
		o.sources = func(string) (letterSource, error) { return source, nil }
	}
	for { // until it is killed
		if err := o.round(t); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
}

// round takes back what dead senders left, settles what is uncertain, and sends what is due, four letters at a time.
func (o *outbox) round(t *testing.T) error {
	crashes := 1000 // so many deaths happen to a letter by chance
	if n, err := strconv.Atoi(os.Getenv("KILL_CRASHES")); err == nil {
		crashes = n
	}
	var due []store.DueDelivery
	err := o.Store.InTx(t.Context(), func(tx *store.Tx) (err error) {
		if _, err = tx.SweepDeliveries(t.Context(), o.Replica, crashes, 100); err != nil {
			return err
		}
		if _, err = tx.PromoteDeliveries(t.Context(), 500); err != nil {
			return err
		}
		due, err = tx.NudgeDeliveries(t.Context(), 0, false, 40)
		return err
	})
	if err == nil {
		err = o.SettleUncertain(t.Context())
	}
	if len(due) == 0 {
		time.Sleep(5 * time.Millisecond) // three of these must not starve the rest of the machine
	}
	atOnce := 4
	if n, err := strconv.Atoi(os.Getenv("KILL_SLOTS")); err == nil {
		atOnce = n
	}
	slots, wg := make(chan struct{}, atOnce), sync.WaitGroup{}
	for _, d := range due {
		slots <- struct{}{}
		wg.Go(func() {
			o.Deliver(t.Context(), d.ID)
			<-slots
		})
	}
	wg.Wait()
	return err
}

// senders are replicas in processes of their own.
type senders struct {
	t         *testing.T
	env       []string
	processes []*exec.Cmd
}

// startSenders starts some, which are killed at the latest when the test ends. more is environment.
func startSenders(t *testing.T, n int, url string, maildir mailbox, relay string, more ...string) *senders {
	t.Helper()
	s := &senders{t: t, env: append([]string{"KILL_DATABASE=" + url, "KILL_MAILDIR=" + maildir.dir, "KILL_RELAY=" + relay}, more...)}
	for range n {
		s.processes = append(s.processes, s.start())
	}
	t.Cleanup(func() {
		for _, p := range s.processes {
			end(p)
		}
	})
	return s
}

func (s *senders) start() *exec.Cmd {
	cmd := exec.Command(os.Args[0], "-test.run=^TestSenderProcess$")
	cmd.Env = append(os.Environ(), s.env...)
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	return cmd
}

// kill ends one of them, as a crash does, and starts another in its place.
func (s *senders) kill() {
	n := rand.IntN(len(s.processes))
	end(s.processes[n])
	s.processes[n] = s.start()
}

func end(cmd *exec.Cmd) {
	cmd.Process.Kill()
	cmd.Wait()
}

// TestKill kills one of three senders again and again, with SIGKILL at a random moment, while they work off an outbox.
// With a mailbox to ask, every letter arrives exactly once. KILLS=1000 makes it long.
func TestKill(t *testing.T) {
	kills := 40
	if n, err := strconv.Atoi(os.Getenv("KILLS")); err == nil {
		kills = n
	}
	owed := 20 * kills
	url := storetest.URL(t)
	o := &outbox{t: t, why: map[string]string{}}
	o.Acts = o.replica("parent", storetest.Open(t, url), "")
	var rows []store.Delivery
	for i := range owed {
		rows = append(rows, store.Delivery{DedupeKey: fmt.Sprint("letter ", i), Kind: "report", Address: "anna@un.example", Name: "Anna", Language: "en", Timezone: "UTC"})
	}
	o.inTx(func(tx *store.Tx) error { _, err := tx.InsertDeliveries(t.Context(), rows); return err })
	maildir, relay := localRelay(t)

	senders := startSenders(t, 3, url, maildir, relay)
	for range kills {
		time.Sleep(time.Duration(40+rand.IntN(160)) * time.Millisecond) // the moment of death must be random; nothing is waited for
		senders.kill()
	}
	counts := map[string]int{}
	deadline := time.Now().Add(2 * time.Minute)
	for counts[store.DeliverySent] < owed && time.Now().Before(deadline) {
		time.Sleep(50 * time.Millisecond)
		o.inTx(func(tx *store.Tx) (err error) { counts, err = tx.CountDeliveries(t.Context()); return err })
	}
	copies := maildir.copies(t)
	lost, double := 0, 0
	for _, r := range rows {
		switch n := copies[store.MessageID(r.DedupeKey, "isrs.example")]; {
		case n == 0:
			lost++
		case n > 1:
			double++
		}
	}
	if lost+double > 0 || counts[store.DeliverySent] != owed {
		t.Errorf("%d kills, %d letters: %d lost, %d double, states %v; want each sent once", kills, owed, lost, double, counts)
	}
	var was int
	o.inTx(func(tx *store.Tx) error {
		return tx.GetContext(t.Context(), &was, `select count(*) from delivery where was_uncertain`)
	})
	t.Logf("%d kills, %d letters: %d lost, %d double; %d were uncertain for a while", kills, owed, lost, double, was)
}

// plainLetter composes without asking anything.
func plainLetter(_ context.Context, _ *Acts, _ *store.Tx, d store.Delivery) (letterParts, string, error) {
	return letterParts{Letter: letters.Letter{Subject: "Report", Text: "Dear " + d.Name, HTML: "<p>Dear " + d.Name + "</p>"}}, "", nil
}

func BenchmarkDeliver(b *testing.B) {
	s := mailtest.Start(b, mailtest.Script{})
	st := storetest.New(b)
	pool, err := mail.NewPool(mail.Settings{URL: s.URL(), Connections: 8})
	if err != nil {
		b.Fatal(err)
	}
	defer pool.Close()
	a := &Acts{Store: st, Sender: pool, Replica: "bench", Mail: MailOptions{From: mail.Address{Address: "s@isrs.example"}}}
	a.sources = func(string) (letterSource, error) { return plainLetter, nil }
	var rows []store.Delivery
	for i := range b.N {
		rows = append(rows, store.Delivery{DedupeKey: fmt.Sprint(i), Kind: "report", Address: "anna@un.example", Name: "Anna", Language: "en", Timezone: "UTC"})
	}
	if err := st.InTx(b.Context(), func(tx *store.Tx) error { rows, err = tx.InsertDeliveries(b.Context(), rows); return err }); err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	slots, wg := make(chan struct{}, 8), sync.WaitGroup{}
	for _, d := range rows {
		slots <- struct{}{}
		wg.Go(func() {
			if err := a.Deliver(b.Context(), d.ID); err != nil {
				b.Error(err)
			}
			<-slots
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "letters/s")
	if got := len(s.Letters()); got != b.N {
		b.Errorf("%d of %d letters arrived", got, b.N)
	}
}
