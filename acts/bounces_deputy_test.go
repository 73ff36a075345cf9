package acts

import (
	"strings"
	"testing"

	"secretariat/mail/mailtest"
	"secretariat/programme"
	"secretariat/store"
)

// about returns the letters about dead addresses by recipient.
func (d *desk) aboutDead(session string, states ...string) map[string]store.Delivery {
	d.t.Helper()
	found := map[string]store.Delivery{}
	for _, l := range d.letters(session, states...) {
		if l.Kind == kindAddressDead {
			found[l.Address] = l
		}
	}
	return found
}

// A letter about a session that comes back because there is no such mailbox is told to the first alternate of the seat
// whose own address is good, and to the secretary, once; a deputy whose address is dead too makes room for the next.
func TestDeadAddressIsToldToTheDeputy(t *testing.T) {
	b := newPost(newDesk(t))
	const session = "X-REC-7"
	dies := func(address string) {
		t.Helper()
		b.relay.Play(mailtest.Script{Reply: map[string]string{"RCPT": "550 5.1.1 no such user"}})
		defer b.relay.Play(mailtest.Script{})
		for _, l := range b.letters(session, store.DeliveryPending) {
			if l.Address == address {
				if err := b.Deliver(t.Context(), l.ID); err != nil {
					t.Fatal(err)
				}
				return
			}
		}
		t.Fatalf("nothing waits for %s", address)
	}
	if _, err := b.Confirm(t.Context(), hall2); err != nil {
		t.Fatal(err)
	}
	member, first, second, secretary := b.email("X-sjostrom"), b.email("X-adebayo"), b.email("X-orourke"), b.email("X-tolaganova")
	dies(member)
	if told := b.aboutDead(session); len(told) != 2 || told[first].ID == 0 || told[secretary].ID == 0 {
		t.Fatalf("told: %v", told)
	}
	dies(first) // the deputy's own
	told := b.aboutDead(session)
	if len(told) != 3 || told[second].ID == 0 {
		t.Fatalf("after the deputy: %v", told)
	}
	moved := SessionStep{Ref: session, Actor: "test", OpensAt: when(t, "2027-06-01T10:00:00+05:00"), Waiver: plain.Waiver}
	if _, err := b.Reschedule(t.Context(), moved); err != nil {
		t.Fatal(err)
	}
	returned := 0 // letters of the new date that come back tell nobody anew
	for _, l := range b.letters(session, store.DeliveryPlanned, store.DeliveryPending) {
		if l.Address == member {
			returned++
			b.inTx(func(tx *store.Tx) error {
				_, err := b.remember(t.Context(), tx, store.Bounce{DeliveryID: l.ID, Address: member, Code: 550, Enhanced: "5.1.1", Text: "no such user"})
				return err
			})
		}
	}
	if returned == 0 {
		t.Error("nothing waits for the member on the new date")
	}
	if again := b.aboutDead(session); len(again) != 3 {
		t.Errorf("told again: %v", again)
	}
	b.clock("2026-11-23T09:30:00+05:00")
	b.work()
	b.open()
	for address, want := range map[string]string{second: "for whom you are an alternate", secretary: "Sjöström"} {
		letter := b.latest[address][kindAddressDead]
		if letter == nil {
			t.Errorf("%s has no letter", address)
			continue
		}
		if text := strings.Join(strings.Fields(letter.text), " "); !strings.Contains(text, want) || strings.Contains(text, member) {
			t.Errorf("to %s:\n%s", address, letter.text)
		}
	}
}

// A letter about an address that takes letters again is not owed; neither is one about a session that is over.
func TestDeadAddressThatLivesAgain(t *testing.T) {
	b := newPost(newDesk(t))
	if _, err := b.Confirm(t.Context(), hall2); err != nil {
		t.Fatal(err)
	}
	var letter store.Delivery
	for _, l := range b.letters("X-REC-7", store.DeliveryPending) {
		if l.Address == b.email("X-sjostrom") {
			letter = l
		}
	}
	b.inTx(func(tx *store.Tx) error {
		_, err := b.remember(t.Context(), tx, store.Bounce{DeliveryID: letter.ID, Address: letter.Address, Code: 550, Enhanced: "5.1.1", Text: "no such user"})
		return err
	})
	waiting := b.aboutDead("X-REC-7", store.DeliveryPending)[b.email("X-adebayo")]
	if _, reason := b.composed(waiting, sampleMoment); reason != "" {
		t.Errorf("while it is dead: %s", reason)
	}
	if err := b.LiftSuppression(t.Context(), letter.Address, "it was mended", "test"); err != nil {
		t.Fatal(err)
	}
	if _, reason := b.composed(waiting, sampleMoment); reason != "the address takes letters again" {
		t.Errorf("after it was freed: %q", reason)
	}
}

// hall2 convenes the seventh session of the sample.
var hall2 = SessionStep{Ref: "X-REC-7", Actor: "test", Venue: programme.Text{"en": "Hall 2"}, Reason: plain.Reason, Waiver: plain.Waiver}
