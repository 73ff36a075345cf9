package acts

import (
	"errors"
	"strings"
	"testing"

	"secretariat/meetings"
	"secretariat/programme"
)

// certificate returns the text of a certificate of the seventh session, on one line.
func (d *desk) certificate(name, language string) string {
	d.t.Helper()
	b, _, err := d.PrintCertificate(d.t.Context(), "X-REC-7", name, language)
	if err != nil {
		d.t.Fatal(err)
	}
	return strings.Join(strings.Fields(tool(d.t, "pdftotext", b, "-layout", "FILE", "-")), " ")
}

// A session is convened, mostly in time, and has no quorum: the certificates say so, in the words of the facts, and go on saying it
// when the rules change.
func TestCertificates(t *testing.T) {
	d := newsroom(t)
	ctx := t.Context()
	refused := func(why, name, want string) {
		t.Helper()
		if _, _, err := d.PrintCertificate(ctx, "X-REC-7", name, ""); !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", why, err, want)
		}
	}
	says := func(name, text string, wants ...string) {
		t.Helper()
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q is missing in\n%s", name, want, text)
			}
		}
	}
	refused("a draft", "notice", "is draft")
	refused("nothing was held", "attendance", "neither a sitting")
	refused("nothing ended", "inquorate", "no sitting that ended")
	refused("an unknown one", "birth", `no certificate of "birth"`)

	d.clock("2027-03-20T10:00:00+05:00")
	if _, err := d.Confirm(ctx, SessionStep{Ref: "X-REC-7", Actor: "test", Venue: programme.Text{"en": "Hall 2"}}); err != nil {
		t.Fatal(err)
	}
	d.send("X-REC-7", "2027-03-20T10:05:00+05:00")
	d.exec(`update delivery set sent_at = '2027-04-06 23:59:59+05' where session_id = $1 and address = $2`, d.sessionID("X-REC-7"), d.email("X-hashimi"))
	d.exec(`update delivery set sent_at = '2027-04-07 00:00:00+05' where session_id = $1 and address = $2`, d.sessionID("X-REC-7"), d.email("X-nxumalo"))
	d.exec(`update delivery set state = 'failed', sent_at = null, reason = '550 no such mailbox' where session_id = $1 and address = $2`, d.sessionID("X-REC-7"), d.email("X-zhao"))
	d.clock("2027-04-20T10:00:00+05:00")
	says("notice", d.certificate("notice", ""), "by the end of Tue 6 April 2027", "Of 15 seats that are held, notice left in time for 13, late for 1, without a last day for 0; no notice by this secretariat is on record for 1.",
		"Thandeka Nxumalo 7 Apr 2027, 00:00 (Tashkent, UTC+5) late", "failed", "vacant", "SHA-256", "Toʻlaganova")
	says("notice in Russian", d.certificate("notice", "ru"), "Занятых мест: 15; уведомлено в срок: 13; с опозданием: 1")

	d.clock("2027-05-18T09:50:00+05:00")
	step := SessionStep{Ref: "X-REC-7", Actor: "test"}
	if _, err := d.TakeStep(ctx, meetings.Open, step); err != nil {
		t.Fatal(err)
	}
	d.attend("X-REC-7", "X-S01", "2027-05-18T09:55:00+05:00")
	d.clock("2027-05-18T10:31:00+05:00")
	if _, err := d.TakeStep(ctx, meetings.Adjourn, step); err != nil {
		t.Fatal(err)
	}
	d.exec(`update quorum_rule set fraction = '1/14'`) // what was found then stands
	says("inquorate", d.certificate("inquorate", ""), "sitting 1 of “Seventh session”", "was opened on Tue 18 May 2027, 09:50 (Tashkent, UTC+5)", "found on Tue 18 May 2027, 10:31 (Tashkent, UTC+5)",
		"1 of 5 seats needed were there, of 14 in the base", "Chair: not present.", "A second convocation is possible until 17 June 2027", "Айгерім Сүлейменқызы in person 09:55 10:31")
	says("inquorate in Chinese", d.certificate("inquorate", "zh"), "到场席位1个，需要5个，计算基数14个")
	says("attendance", d.certificate("attendance", ""), "16 seats, of which 15 were held. 1 seat was taken.", "in person 09:55 10:31")
}
