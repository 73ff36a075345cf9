package locale

import (
	"testing"
	"time"

	"secretariat/programme"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestDates(t *testing.T) {
	d := programme.NewDate(2026, time.November, 23)
	for _, c := range []struct{ lang, date, short, month, day string }{
		{"en", "23 November 2026", "23 Nov 2026", "November 2026", "Mon 23 November 2026"},
		{"fr", "23 novembre 2026", "23 nov. 2026", "novembre 2026", "lun. 23 novembre 2026"},
		{"es", "23 de noviembre de 2026", "23 nov 2026", "noviembre de 2026", "lun 23 de noviembre de 2026"},
		{"ru", "23 ноября 2026\u00a0г.", "23 нояб. 2026", "ноябрь 2026\u00a0г.", "пн 23 ноября 2026\u00a0г."},
		{"uz", "2026-yil 23-noyabr", "23-noy, 2026", "2026-yil noyabr", "dush, 2026-yil 23-noyabr"},
		{"ar", "23 نوفمبر 2026", "23 نوفمبر 2026", "نوفمبر 2026", "الاثنين 23 نوفمبر 2026"},
		{"zh", "2026年11月23日", "2026年11月23日", "2026年11月", "2026年11月23日 周一"},
	} {
		l := For(c.lang)
		for what, pair := range map[string][2]string{"Date": {l.Date(d), c.date}, "ShortDate": {l.ShortDate(d), c.short},
			"MonthYear": {l.MonthYear(d), c.month}, "LongDay": {l.LongDay(d), c.day}} {
			if pair[0] != pair[1] {
				t.Errorf("%s %s: got %q, want %q", c.lang, what, pair[0], pair[1])
			}
		}
		if l.Date(programme.Date{}) != Missing || l.LongDay(programme.Date{}) != Missing {
			t.Errorf("%s: an absent date is %q", c.lang, Missing)
		}
	}
	if got := For("fr").Date(programme.NewDate(2027, time.March, 1)); got != "1er mars 2027" {
		t.Errorf("the first of a month in French: got %q", got)
	}
	if got := For("ru").Month(time.March) + For("ru").ShortMonth(time.May); got != "мартмая" {
		t.Errorf("got %q", got)
	}
	if got := For("uz").Weekday(time.Sunday); got != "yakshanba" {
		t.Errorf("got %q", got)
	}
}

func TestMoments(t *testing.T) {
	tashkent, vienna := zone(t, "Asia/Tashkent"), zone(t, "Europe/Vienna")
	at := time.Date(2026, time.December, 8, 5, 0, 0, 0, time.UTC)
	for lang, want := range map[string]string{
		"en": "Tue 8 December 2026, 10:00 (Tashkent, UTC+5)",
		"fr": "mar. 8 décembre 2026, 10:00 (Tachkent, UTC+5)",
		"es": "mar 8 de diciembre de 2026, 10:00 (Taskent, UTC+5)",
		"ru": "вт 8 декабря 2026\u00a0г., 10:00 (Ташкент, UTC+5)",
		"uz": "sesh, 2026-yil 8-dekabr, 10:00 (Toshkent, UTC+5)",
		"ar": "الثلاثاء 8 ديسمبر 2026، 10:00 (طشقند، UTC+5)",
		"zh": "2026年12月8日 周二 10:00（塔什干，UTC+5）",
	} {
		if got := For(lang).Moment(at, tashkent); got != want {
			t.Errorf("%s: got %q, want %q", lang, got, want)
		}
	}
	en := For("en")
	for _, c := range []struct{ got, want, reason string }{
		{en.Moment(time.Time{}, tashkent), Missing, "no moment"},
		{en.Interval(at, at.Add(3*time.Hour), tashkent), "Tue 8 December 2026, 10:00–13:00 (Tashkent, UTC+5)", "one day"},
		{en.Interval(at, at.Add(24*time.Hour), tashkent), "Tue 8 December 2026, 10:00 (Tashkent, UTC+5) – Wed 9 December 2026, 10:00 (Tashkent, UTC+5)", "two days"},
		{en.Interval(at, at, tashkent), "Tue 8 December 2026, 10:00 (Tashkent, UTC+5)", "no length"},
		{en.Elsewhere(at, tashkent, vienna), "06:00 in Vienna", "same day"},
		{en.Elsewhere(at, tashkent, zone(t, "America/New_York")), "00:00 in New York", "midnight of the same day"},
		{en.Elsewhere(at, tashkent, zone(t, "America/Chicago")), "Mon 7 December 2026, 23:00 in Chicago", "the day before"},
		{en.Elsewhere(at, tashkent, zone(t, "Asia/Samarkand")), "", "the same clock under another name"},
		{For("ru").Elsewhere(at, tashkent, vienna), "06:00 (Вена)", "a city in its own case"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q: %s", c.got, c.want, c.reason)
		}
	}
}

func TestZones(t *testing.T) {
	winter, summer := time.Date(2027, 1, 15, 12, 0, 0, 0, time.UTC), time.Date(2027, 7, 15, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		at             time.Time
		zone, en, uzbk string
		reason         string
	}{
		{winter, "Europe/Vienna", "Vienna, UTC+1", "Vena, UTC+1", "standard time"},
		{summer, "Europe/Vienna", "Vienna, UTC+2", "Vena, UTC+2", "summer time"},
		{winter, "America/New_York", "New York, UTC−5", "Nyu-York, UTC−5", "west of Greenwich"},
		{winter, "Asia/Kathmandu", "Kathmandu, UTC+5:45", "Katmandu, UTC+5:45", "quarter hours"},
		{winter, "Europe/London", "London, UTC", "London, UTC", "no offset in winter"},
		{winter, "Australia/Lord_Howe", "Lord Howe, UTC+11", "Lord Howe, UTC+11", "not in the table"},
		{winter, "UTC", "UTC", "UTC", "UTC itself"},
		{winter, "Etc/GMT-5", "UTC+5", "UTC+5", "no place"},
	} {
		z := zone(t, c.zone)
		if en, uz := For("en").Zone(c.at, z), For("uz").Zone(c.at, z); en != c.en || uz != c.uzbk {
			t.Errorf("%s: got %q and %q, want %q and %q: %s", c.zone, en, uz, c.en, c.uzbk, c.reason)
		}
	}
	if got := For("en").Zone(winter, time.FixedZone("", -12600)); got != "UTC−3:30" {
		t.Errorf("a fixed offset: got %q", got)
	}
	for name := range cities {
		zone(t, name) // every name in the table is a zone
	}
}
