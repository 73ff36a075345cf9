package locale

import (
	"testing"
	"time"

	"secretariat/programme"
)

func TestPeriod(t *testing.T) {
	day := programme.NewDate
	year := [2]programme.Date{day(2025, time.January, 1), day(2025, time.December, 31)}
	month := [2]programme.Date{day(2026, time.February, 1), day(2026, time.February, 28)}
	week := [2]programme.Date{day(2026, time.November, 16), day(2026, time.November, 22)}
	quarter := [2]programme.Date{day(2026, time.July, 1), day(2026, time.September, 30)}
	across := [2]programme.Date{day(2025, time.November, 23), day(2026, time.November, 22)}
	for _, c := range []struct {
		lang string
		span [2]programme.Date
		want string
	}{
		{"en", year, "2025"}, {"en", month, "February 2026"}, {"en", week, "16–22 November 2026"},
		{"en", quarter, "1 July – 30 September 2026"}, {"en", across, "23 November 2025 – 22 November 2026"},
		{"fr", year, "2025"}, {"fr", week, "16–22 novembre 2026"}, {"fr", quarter, "1er juillet – 30 septembre 2026"},
		{"fr", [2]programme.Date{day(2026, time.July, 1), day(2026, time.July, 9)}, "1er–9 juillet 2026"},
		{"es", week, "16–22 de noviembre de 2026"}, {"es", quarter, "1 de julio – 30 de septiembre de 2026"}, {"es", month, "febrero de 2026"},
		{"ru", year, "2025\u00a0г."}, {"ru", month, "февраль 2026\u00a0г."}, {"ru", week, "16–22 ноября 2026\u00a0г."}, {"ru", quarter, "1 июля – 30 сентября 2026\u00a0г."},
		{"uz", year, "2025-yil"}, {"uz", week, "2026-yil 16–22-noyabr"}, {"uz", quarter, "2026-yil 1-iyul – 30-sentabr"},
		{"ar", year, "2025"}, {"ar", week, "16–22 نوفمبر 2026"}, {"ar", quarter, "1 يوليو – 30 سبتمبر 2026"},
		{"zh", year, "2025年"}, {"zh", month, "2026年2月"}, {"zh", week, "2026年11月16–22日"}, {"zh", quarter, "2026年7月1日 – 9月30日"},
		{"en", [2]programme.Date{week[0], week[0]}, "16 November 2026"},
		{"en", [2]programme.Date{week[1], week[0]}, "22 November 2026"},
		{"en", [2]programme.Date{week[0], month[1]}, "16 November 2026"},
		{"en", [2]programme.Date{day(2025, time.January, 1), day(2025, time.December, 30)}, "1 January – 30 December 2025"},
		{"en", [2]programme.Date{day(2026, time.January, 1), day(2026, time.March, 31)}, "1 January – 31 March 2026"},
	} {
		if got := For(c.lang).Period(c.span[0], c.span[1]); got != c.want {
			t.Errorf("%s %v: got %q, want %q", c.lang, c.span, got, c.want)
		}
	}
}
