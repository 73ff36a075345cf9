package letters

import (
	"flag"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"secretariat/locale"
	"secretariat/programme"
	"secretariat/reports/document"
	"secretariat/templates"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func load(t testing.TB) *Set {
	t.Helper()
	s, err := Load(templates.Letters)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func zoneOf(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func day(s string) programme.Date {
	d, err := programme.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// say makes a text of its words in en, ru, uz, fr, es, ar and zh; those that are not given are absent.
func say(words ...string) programme.Text {
	text := programme.Text{}
	for i, w := range words {
		text[[]string{"en", "ru", "uz", "fr", "es", "ar", "zh"}[i]] = w
	}
	return text
}

var council = say("Regional Expert Council on Rehabilitation and Reintegration of Returnees", "Региональный экспертный совет по вопросам реабилитации и реинтеграции возвращенцев",
	"Qaytarilgan shaxslarni reabilitatsiya va reintegratsiya qilish boʻyicha Mintaqaviy ekspert kengashi",
	"Conseil régional d’experts pour la réadaptation et la réintégration des rapatriés", "Consejo Regional de Expertos sobre la Rehabilitación y Reintegración de los Retornados",
	"المجلس الإقليمي للخبراء المعني بإعادة تأهيل العائدين وإعادة إدماجهم", "回返者康复和重返社会问题区域专家理事会")

// full is data with all that any letter may say; the reader sits in Vienna, the council in Tashkent.
func full(t testing.TB) Data {
	tashkent := zoneOf(t, "Asia/Tashkent")
	at := func(s string) time.Time {
		v, err := time.ParseInLocation("2006-01-02T15:04", s, tashkent)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	session := programme.Session{Ref: "REC-6", Number: 6, Kind: "regular", State: "confirmed", Mode: "hybrid", Confidentiality: "limited",
		Title:   say("Sixth session", "Шестое заседание", "Oltinchi yigʻilish", "Sixième session", "Sexto período de sesiones", "الدورة السادسة", "第六届会议"),
		OpensAt: at("2026-12-08T10:00"), ClosesAt: at("2026-12-08T17:00"), OnlineURL: "https://meet.example/rec-6?pwd=a_b*c&x=1",
		Venue:  say("International Conference Centre, hall 2, Tashkent", "Международный конференц-центр, зал 2, Ташкент", "Xalqaro konferensiyalar markazi, 2-zal, Toshkent", "Centre international de conférences, salle 2, Tachkent", "Centro Internacional de Conferencias, sala 2, Taskent", "المركز الدولي للمؤتمرات، القاعة 2، طشقند", "塔什干国际会议中心2号厅"),
		Reason: say("The hall is needed for a State visit.", "Зал потребовался для государственного визита.", "Zal davlat tashrifi uchun kerak boʻldi.", "La salle est requise pour une visite d’État.", "La sala se necesita para una visita de Estado.", "القاعة مطلوبة لزيارة دولة.", "会议厅须用于国事访问。"),
		Agenda: []programme.AgendaItem{
			{Ref: "A1", Number: 1, Title: say("Opening and adoption of the agenda", "Открытие и утверждение повестки дня", "Ochilish va kun tartibini tasdiqlash", "Ouverture et adoption de l’ordre du jour", "Apertura y aprobación del orden del día", "الافتتاح وإقرار جدول الأعمال", "开幕和通过议程"), Purpose: "decision", Minutes: 15},
			{Ref: "A2", Number: 2, Title: say("Progress report of the secretariat", "Доклад секретариата о ходе работы", "Kotibiyatning ishlar borishi toʻgʻrisidagi hisoboti", "Rapport d’étape du secrétariat", "Informe de la secretaría sobre los progresos realizados", "التقرير المرحلي للأمانة", "秘书处进展报告"), Purpose: "information", Minutes: 45, Presenter: "P1", Documents: []string{"D1", "D2", "D3"}}},
		Documents: []programme.Document{
			{Ref: "D1", Symbol: "REC/6/1", Title: say("Progress report", "Доклад о ходе работы", "Ishlar borishi toʻgʻrisida hisobot", "Rapport d’étape", "Informe sobre los progresos", "تقرير مرحلي", "进展报告"), Distribution: "general", Languages: map[string]programme.DocumentVersion{"en": {IssuedOn: day("2026-11-02")}, "ru": {IssuedOn: day("2026-11-03")}, "uz": {}}},
			{Ref: "D2", Symbol: "REC/6/2", Title: say("Costs", "Расходы", "Xarajatlar", "Coûts", "Gastos", "التكاليف", "费用"), Distribution: "limited", Languages: map[string]programme.DocumentVersion{"en": {IssuedOn: day("2026-11-02")}}},
			{Ref: "D3", Symbol: "REC/6/3-SECRET", Title: say("Cases", "Дела", "Ishlar", "Dossiers", "Casos", "الملفات", "案件"), Distribution: "restricted"}},
		Decisions:   []programme.Decision{{Ref: "DEC", Number: "6/1", Text: say("A contact list will be set up.", "Создаётся список контактов.", "Aloqalar roʻyxati tuziladi.", "Une liste de contacts est établie.", "Se establecerá una lista de contactos.", "توضع قائمة اتصال.", "建立联络名单。")}},
		ActionItems: []programme.ActionItem{{Ref: "ACT", Text: say("Set up the contact list.", "Создать список контактов.", "Aloqalar roʻyxatini tuzish.", "Établir la liste de contacts.", "Elaborar la lista de contactos.", "إعداد قائمة الاتصال.", "编制联络名单。"), Owner: "P1", DueOn: day("2027-01-29")}},
	}
	return Data{
		Recipient: Recipient{Name: "Malika Rashidova", Salutation: "Ms", Language: "en", Zone: zoneOf(t, "Europe/Vienna"), Clearance: "limited"},
		Programme: Programme{Title: say("ISRS – UNOCT Programme of Cooperation", "Программа сотрудничества ИСМИ – КТУ ООН", "ISMI – BMT AKB hamkorlik dasturi", "Programme de coopération IESR – BLT", "Programa de cooperación IEER – OLCT", "برنامج التعاون بين المعهد والمكتب", "战略所和反恐办合作方案"), Languages: locale.Languages,
			Email: "secretary@isrs.example"},
		Session: &SessionData{Council: council, Zone: tashkent, Session: session, Names: map[string]string{"P1": "Dilnoza Toʻlaganova"}, Seat: say("Kazakhstan", "Казахстан", "Qozogʻiston", "Kazakhstan", "Kazajstán", "كازاخستان", "哈萨克斯坦"),
			Capacity: "member", Answer: "accepted", Attends: "online", ReplyBy: day("2026-11-24"), Record: "report", CorrectionsBy: day("2027-01-11"),
			Notice: &Notice{What: "counter", Who: "Malika Rashidova", Seat: say("Kazakhstan", "Казахстан", "Qozogʻiston", "Kazakhstan", "Kazajstán", "كازاخستان", "哈萨克斯坦"), Proposed: "20261209T050000Z", Comment: "11:00"},
			Before: &Before{OpensAt: at("2026-12-01T10:00"), ClosesAt: at("2026-12-01T17:00"), Mode: "in-person", Venue: say("Hall 1", "Зал 1", "1-zal", "Salle 1", "Sala 1", "القاعة 1", "1号厅")}},
		Action: &ActionData{Council: council, Session: say("Fifth session", "Пятое заседание", "Beshinchi yigʻilish", "Cinquième session", "Quinto período de sesiones", "الدورة الخامسة", "第五届会议"), Decision: "5/2", Text: say("Circulate the working methods to all seats.", "Разослать методы работы.", "Ish uslublarini tarqatish.", "Distribuer les méthodes de travail à tous les sièges.", "Distribuir los métodos de trabajo a todos los puestos.", "تعميم أساليب العمل على جميع المقاعد.", "向所有席位分发工作方法。"),
			DueOn: day("2026-11-30"), Today: day("2026-11-23"), Owner: "Malika Rashidova"},
		Duty: &DutyData{Council: council, Zone: tashkent, Session: session.Title, OpensAt: session.OpensAt, Title: say("Documents submitted to the secretariat", "Документы представлены в секретариат", "Hujjatlar kotibiyatga taqdim etildi", "Documents soumis au secrétariat", "Documentos presentados a la secretaría", "تقديم الوثائق إلى الأمانة", "文件提交秘书处"),
			DueOn: day("2026-11-26"), Today: day("2026-11-23"), DutyOf: "members", Source: "Rules of procedure, rule 5", Consequence: say("The item may be deferred.", "Пункт может быть отложен.", "Band keyinga qoldirilishi mumkin.", "L’examen du point peut être différé.", "El tema puede aplazarse.", "قد يؤجَّل النظر في البند.", "该项目可能推迟审议。")},
		Update: &UpdateData{AnswerBy: day("2026-11-27"), Today: day("2026-11-23"), Activities: []ActivityLine{
			{Ref: "A-14", Title: say("Baseline study on financing", "Базовое исследование финансирования", "Moliyalashtirish boʻyicha tadqiqot", "Étude de référence sur le financement", "Estudio de referencia sobre la financiación", "دراسة مرجعية عن التمويل", "筹资基线研究"), Area: say("Research", "Исследования", "Tadqiqotlar", "Recherche", "Investigación", "البحوث", "研究"), Percent: 40, DueOn: day("2026-11-11"), LastUpdateOn: day("2026-10-29")},
			{Ref: "A-15", Title: say("Joint publication", "Совместная публикация", "Qoʻshma nashr", "Publication conjointe", "Publicación conjunta", "منشور مشترك", "联合出版物"), Percent: 85, DueOn: day("2026-12-02"), Confidentiality: "limited"},
			{Ref: "A-16-SECRET", Title: say("SECRET", "SECRET", "SECRET"), Percent: 10, DueOn: day("2026-12-02"), Confidentiality: "confidential"}}},
		Poll: &PollData{Council: council, Zone: tashkent, Options: []PollOption{{at("2027-02-02T10:00"), at("2027-02-02T13:00")}, {at("2027-02-03T20:00"), at("2027-02-03T23:00")}},
			AnswerUntil: at("2026-12-18T18:00"), Secret: true, URL: "https://secretariat.example/p/abc"},
		Report: &ReportData{Name: "weekly-progress", Title: "Weekly progress report", Number: 12, Language: "en", Since: day("2026-11-16"), Until: day("2026-11-22"), AsOf: at("2026-11-23T09:00"), Zone: tashkent,
			Cover:       []document.Block{document.Paragraph{Lead: true, Spans: []document.Span{{Text: "Of 61 activities, 34 are completed and 7 are late."}}}},
			Attachments: []AttachmentLine{{Name: "weekly-progress-2026-11-23-en.pdf", Pages: 6, Bytes: 61234}}, SetUpBy: "Dilnoza Toʻlaganova",
			Unsubscribe: "https://secretariat.example/u/aB-c_d*e", Faults: []string{"weekly-progress.report.md:41: column due_om does not exist"}, Run: "12",
			Retry: "secretariat reports release 12 --retry", Drop: "secretariat reports release 12 --drop funds", AsIs: "secretariat reports release 12 --as-is"},
	}
}

// minimal is the least that each letter can be made from.
func minimal() Data {
	return Data{Session: &SessionData{}, Action: &ActionData{}, Duty: &DutyData{}, Update: &UpdateData{}, Poll: &PollData{}, Report: &ReportData{}}
}

func TestEveryLetter(t *testing.T) {
	set := load(t)
	for _, kind := range slices.Sorted(maps.Keys(Kinds)) {
		for _, lang := range locale.Languages {
			name := kind + "." + lang
			letter, err := set.Compose(kind, lang, only(kind, full(t)))
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			golden(t, name+".txt", "Subject: "+letter.Subject+"\n\n"+letter.Text)
			checkLetter(t, name, letter)
			letter, err = set.Compose(kind, lang, only(kind, minimal()))
			if err != nil {
				t.Errorf("%s from minimal data: %v", name, err)
				continue
			}
			checkLetter(t, name+" from minimal data", letter)
		}
	}
}

// only keeps of the data what a kind needs, as acts give it.
func only(kind string, d Data) Data {
	out := Data{Recipient: d.Recipient, Programme: d.Programme}
	switch Kinds[kind] {
	case "session":
		out.Session = d.Session
	case "action":
		out.Action = d.Action
	case "duty":
		out.Duty = d.Duty
	case "update":
		out.Update = d.Update
	case "poll":
		out.Poll = d.Poll
	case "report":
		out.Report = d.Report
	}
	return out
}

func checkLetter(t *testing.T, name string, l Letter) {
	t.Helper()
	if n := len([]rune(l.Subject)); n == 0 || n > subjectLimit || strings.TrimSpace(l.Subject) != l.Subject {
		t.Errorf("%s: subject of %d characters: %q", name, n, l.Subject)
	}
	for form, s := range map[string]string{"subject": l.Subject, "text": l.Text, "HTML": l.HTML} {
		if m := regexp.MustCompile(`\{\{|\}\}|<no value>|%!|ZgotmplZ|[\x{e000}-\x{f8ff}\x{202a}-\x{202e}\x{2066}-\x{2069}\x00\r]|letter\.[a-z]|\*\*|\\[*_.!()-]`).FindString(s); m != "" {
			t.Errorf("%s: %s holds %q", name, form, m)
		}
	}
	for _, m := range regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(l.HTML, -1) {
		if !strings.Contains(l.Text, "<"+strings.ReplaceAll(m[1], "&amp;", "&")+">") {
			t.Errorf("%s: the plain text lacks the link %s", name, m[1])
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		os.MkdirAll("testdata", 0o755)
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (go test -update rewrites it); got:\n%s", path, got)
	}
}

func TestHostileData(t *testing.T) {
	evil := "<b>x</b> [x](javascript:alert(1)) ![p](https://evil.example/p.png)\r\nBcc: a@b.example\x00\u202e{{.Name}} \ue000agenda\ue001 | # *s*"
	d := full(t)
	d.Recipient.Name, d.Recipient.Salutation, d.Programme.Sender, d.Report.Title, d.Report.Subject, d.Report.SetUpBy = evil, evil, evil, evil, evil, evil
	d.Session.Session.Title, d.Session.Council, d.Session.Seat, d.Session.Session.Reason, d.Session.Session.Venue = say(evil, evil, evil), say(evil, evil, evil), say(evil, evil, evil), say(evil, evil, evil), say(evil, evil, evil)
	d.Session.Session.Agenda[0].Title, d.Action.Text, d.Duty.Title, d.Update.Activities[0].Title = say(evil, evil, evil), say(evil, evil, evil), say(evil, evil, evil), say(evil, evil, evil)
	d.Programme.Email, d.Session.Session.OnlineURL, d.Report.Unsubscribe = `x@y.example>) [a](https://evil.example`, "javascript:alert(1)", "javascript:alert(1)"
	d.Poll.Title, d.Poll.Council = evil, say(evil, evil, evil)
	d.Report.Faults, d.Report.Run, d.Report.Retry, d.Report.Drop, d.Report.AsIs = []string{evil}, evil, evil, evil, evil
	set := load(t)
	for kind := range Kinds {
		for _, lang := range locale.Languages {
			letter, err := set.Compose(kind, lang, d)
			if err != nil {
				t.Errorf("%s.%s: %v", kind, lang, err)
				continue
			}
			if strings.ContainsAny(letter.Subject, "\r\n\x00\u202e\ue000") || len([]rune(letter.Subject)) > subjectLimit {
				t.Errorf("%s.%s: subject %q", kind, lang, letter.Subject)
			}
			for _, bad := range []string{"<b>", "<img", `href="javascript`, "https://evil.example/p.png\"", "\u202e", "\ue000"} {
				if strings.Contains(letter.HTML, bad) || bad != "<b>" && strings.Contains(letter.Text, bad) {
					t.Errorf("%s.%s holds %q", kind, lang, bad)
				}
			}
			if strings.Contains(letter.HTML, `href="https://evil`) {
				t.Errorf("%s.%s: data made a link", kind, lang)
			}
		}
	}
}

func TestConfidentialLeaksNothing(t *testing.T) {
	d := full(t)
	secret := say("SECRET", "SECRET", "SECRET")
	d.Session.Session.Confidentiality, d.Action.Confidentiality, d.Duty.Confidentiality = confidential, confidential, confidential
	d.Recipient.Clearance = confidential
	d.Session.Session.Title, d.Session.Council, d.Session.Seat, d.Session.Session.Reason = secret, secret, secret, secret
	d.Session.Session.Agenda[0].Title, d.Session.Session.Documents[0].Title, d.Session.Session.OnlineURL = secret, secret, "https://SECRET.example/"
	d.Session.Session.Decisions[0].Text, d.Session.Session.ActionItems[0].Text, d.Session.Member = secret, secret, "SECRET"
	d.Action.Text, d.Action.Session, d.Action.Council, d.Action.Decision = secret, secret, secret, "SECRET"
	d.Duty.Title, d.Duty.Session, d.Duty.Council, d.Duty.Source, d.Duty.Consequence = secret, secret, secret, "SECRET", secret
	set := load(t)
	for kind := range Kinds {
		for _, lang := range locale.Languages {
			letter, err := set.Compose(kind, lang, only(kind, d))
			if err != nil {
				t.Fatal(err)
			}
			if s := letter.Subject + letter.Text + letter.HTML; strings.Contains(s, "SECRET") || strings.Contains(s, "REC/6") {
				t.Errorf("%s.%s names what is confidential:\n%s", kind, lang, letter.Text)
			}
		}
	}
	if e := EventText("en", d); e.Summary != "Council session" || e.Description != "" || strings.Contains(e.Location, "SECRET") {
		t.Errorf("calendar entry: %+v", e)
	}
}

func TestPapersByClearance(t *testing.T) {
	set := load(t)
	for clearance, want := range map[string][]string{"": {"REC/6/1"}, "public": {"REC/6/1"}, "limited": {"REC/6/1", "REC/6/2"}, "confidential": {"REC/6/1", "REC/6/2"}} {
		d := full(t)
		d.Recipient.Clearance = clearance
		letter, err := set.Compose("invitation", "en", d)
		if err != nil {
			t.Fatal(err)
		}
		for _, symbol := range []string{"REC/6/1", "REC/6/2", "REC/6/3"} {
			if got := strings.Contains(letter.Text, symbol); got != slices.Contains(want, symbol) {
				t.Errorf("clearance %q: paper %s named: %t", clearance, symbol, got)
			}
		}
	}
}

func TestJoinLinkOnlyWhereItBelongs(t *testing.T) {
	set := load(t)
	for _, c := range []struct {
		kind, answer, attends string
		stale, want           bool
		reason                string
	}{
		{"join-link", "accepted", "online", false, true, "accepted, online"},
		{"join-link", "accepted", "", false, true, "accepted, form not said"},
		{"join-link", "accepted", "in-person", false, false, "comes to the hall"},
		{"join-link", "tentative", "", false, false, "not accepted"},
		{"join-link", "accepted", "online", true, false, "accepted another date"},
		{"invitation", "accepted", "online", false, false, "not the letter for it"},
		{"session-tomorrow", "accepted", "online", false, false, "not the letter for it"},
	} {
		d := full(t)
		d.Session.Answer, d.Session.Attends, d.Session.Stale = c.answer, c.attends, c.stale
		letter, err := set.Compose(c.kind, "en", d)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(letter.Text, "meet.example"); got != c.want {
			t.Errorf("%s: link given: %t, want %t", c.reason, got, c.want)
		}
	}
}

func TestLanguageOfTheReport(t *testing.T) {
	set := load(t)
	for _, c := range []struct{ letter, report, want, reason string }{
		{"fr", "en", "Langue du rapport joint\u00a0: anglais.", "the report is not written in the reader's language"},
		{"ar", "ru", "لغة التقرير المرفق: الروسية.", "nor here"},
		{"fr", "fr", "", "one language"},
		{"de", "en", "", "letters are not written in German: the reader gets both in English"},
		{"fr", "", "", "not known"},
		{"fr", "xx", "", "a language without a name"},
	} {
		d := full(t)
		d.Report.Language = c.report
		letter, err := set.Compose("report", c.letter, only("report", d))
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(letter.Text, "Langue du") || strings.Contains(letter.Text, "لغة التقرير"); got != (c.want != "") || !strings.Contains(letter.Text, c.want) {
			t.Errorf("letter in %q, report in %q: %s; want %q in\n%s", c.letter, c.report, c.reason, c.want, letter.Text)
		}
	}
}

// TestNoEnglishElsewhere holds every letter against the English one: what is there in the reader's language comes in it.
func TestNoEnglishElsewhere(t *testing.T) {
	set := load(t)
	// Names, addresses, symbols, commands: what stands in every language as it is.
	kept := regexp.MustCompile(`https?://\S+|\S+@\S+|\S+\.(pdf|md)\S*|REC/6/\d|Malika Rashidova|Dilnoza Toʻlaganova|Rules of procedure, rule 5|column due_om does not exist|(secretariat\s+)?(reports\s+)(release|show)|--(retry|as-is|drop \w+)|weekly-progress-12|UTC|kB`)
	for kind := range Kinds {
		d := only(kind, full(t))
		if d.Report != nil {
			d.Report.Title, d.Report.Cover = "§", nil
		}
		english, err := set.Compose(kind, "en", d)
		if err != nil {
			t.Fatal(err)
		}
		sentences := map[string]bool{}
		for _, line := range strings.Split(kept.ReplaceAllString(english.Text, ""), "\n") {
			if line = strings.TrimSpace(line); len(strings.Fields(line)) > 2 {
				sentences[line] = true
			}
		}
		for _, lang := range locale.Languages[1:] {
			letter, err := set.Compose(kind, lang, d)
			if err != nil {
				t.Errorf("%s.%s: %v", kind, lang, err)
				continue
			}
			text := kept.ReplaceAllString(letter.Subject+"\n"+letter.Text, "")
			words := kept.ReplaceAllString(strings.Join(strings.Fields(letter.Subject+" "+letter.Text), " "), "§")
			for _, line := range strings.Split(text, "\n") {
				if sentences[strings.TrimSpace(line)] {
					t.Errorf("%s.%s: in English: %q", kind, lang, line)
				}
			}
			if other := regexp.MustCompile(`[A-Za-z]{3,}`).FindString(words); other != "" && slices.Contains([]string{"ru", "ar", "zh"}, lang) {
				t.Errorf("%s.%s holds %q:\n%s", kind, lang, other, words)
			}
			if got := strings.Contains(letter.HTML, `<html lang="`+lang+`" dir="rtl">`); got != (lang == "ar") {
				t.Errorf("%s.%s: set from right to left: %t", kind, lang, got)
			}
			if m := regexp.MustCompile(`\.\.|,,|[。，：][.,:]|\( | \)`).FindString(words); m != "" {
				t.Errorf("%s.%s: stops that follow each other: %q", kind, lang, m)
			}
		}
	}
}

func TestSubjectStemIsConstant(t *testing.T) {
	set := load(t)
	stem := "Sixth session · Regional Expert Council on Rehabilitation and Reintegration of Returnees"
	for kind, about := range Kinds {
		if about != "session" {
			continue
		}
		letter, err := set.Compose(kind, "en", full(t))
		if err != nil || !strings.HasSuffix(letter.Subject, ": "+stem) {
			t.Errorf("%s: subject %q, %v", kind, letter.Subject, err)
		}
	}
}

func TestGreetings(t *testing.T) {
	set := load(t)
	for salutation, want := range map[string][]string{ // in the order of locale.Languages
		"Ms": {"Dear Ms Malika Rashidova,", "Madame Malika Rashidova,", "Estimada Sra. Malika Rashidova:", "Уважаемая г-жа Malika Rashidova!", "Hurmatli Malika Rashidova xonim!",
			"السيدة Malika Rashidova المحترمة،", "尊敬的Malika Rashidova女士："},
		"Mr": {"Dear Mr Malika Rashidova,", "Monsieur Malika Rashidova,", "Estimado Sr. Malika Rashidova:", "Уважаемый г-н Malika Rashidova!", "Hurmatli janob Malika Rashidova!",
			"السيد Malika Rashidova المحترم،", "尊敬的Malika Rashidova先生："},
		"Prof.": {"Dear Prof. Malika Rashidova,", "Professeur Malika Rashidova,", "Estimado/a Prof. Malika Rashidova:", "Уважаемый профессор Malika Rashidova!", "Hurmatli professor Malika Rashidova!",
			"حضرة الأستاذ/الأستاذة Malika Rashidova،", "尊敬的Malika Rashidova教授："},
		"Col.": {"Dear Col. Malika Rashidova,", "Colonel Malika Rashidova,", "Estimado/a Cnel. Malika Rashidova:", "Уважаемый полковник Malika Rashidova!", "Hurmatli polkovnik Malika Rashidova!",
			"حضرة العقيد Malika Rashidova،", "尊敬的Malika Rashidova上校："},
		"H.E.": {"Excellency,", "Excellence,", "Excelencia:", "Ваше Превосходительство!", "Janobi Oliylari!", "سعادة Malika Rashidova،", "阁下："},
		"": {"Dear Malika Rashidova,", "Bonjour Malika Rashidova,", "Estimado/a Malika Rashidova:", "Здравствуйте, Malika Rashidova!", "Hurmatli Malika Rashidova!",
			"حضرة Malika Rashidova،", "尊敬的Malika Rashidova："},
	} {
		for i, lang := range locale.Languages {
			d := full(t)
			d.Recipient.Salutation = salutation
			letter, err := set.Compose("duty-due", lang, d)
			if err != nil || !strings.Contains(letter.Text, want[i]) {
				t.Errorf("%q in %s: got\n%s\nwant %s; %v", salutation, lang, letter.Text, want[i], err)
			}
		}
	}
}

func TestCompose(t *testing.T) {
	set := load(t)
	if _, err := set.Compose("no-such-letter", "en", Data{}); err == nil || !strings.Contains(err.Error(), "no-such-letter") {
		t.Errorf("an unknown kind: got %v", err)
	}
	if _, err := set.Compose("invitation", "en", Data{}); err == nil || !strings.Contains(err.Error(), "session is not given") {
		t.Errorf("missing data: got %v", err)
	}
}

func TestLoad(t *testing.T) {
	file := func(name, text string) fstest.MapFS { return fstest.MapFS{"letters/" + name: {Data: []byte(text)}} }
	for _, c := range []struct{ name, text, want, reason string }{
		{"invitation.en.md", "Subject: x\nTitle: y\n\n{{.Nonsense", "invitation.en.md:4", "a broken template, by its line"},
		{"invitation.en.md", "Dear all\n", "invitation.en.md:1", "no head"},
		{"invitation.de.md", "Subject: x\nTitle: y\n\nz", "no letter of this kind or language", "another language"},
		{"invite.en.md", "Subject: x\nTitle: y\n\nz", "no letter of this kind or language", "another kind"},
		{"parts.en.md", "{{define \"greeting\"}}x{{end}}", "lack greeting, closing or foot", "parts that are not complete"},
	} {
		if _, err := Load(templates.Letters, file(c.name, c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.reason, err, c.want)
		}
	}
	if _, err := Load(fstest.MapFS{}); err == nil || !strings.Contains(err.Error(), "invitation.en.md is missing") && !strings.Contains(err.Error(), "parts") {
		t.Errorf("no letters at all: got %v", err)
	}
	set, err := Load(templates.Letters, file("invitation.en.md", "Subject: Ours\nTitle: Ours\n\nCome.\n"))
	if err != nil {
		t.Fatal(err)
	}
	if letter, err := set.Compose("invitation", "en", full(t)); err != nil || letter.Subject != "Ours" || !strings.Contains(letter.Text, "Come.") {
		t.Errorf("an operator's letter: got %+v, %v", letter, err)
	}
}

func TestUzbekApostrophes(t *testing.T) {
	files, err := templates.Letters.ReadDir("letters")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".uz.md") {
			continue
		}
		b, err := templates.Letters.ReadFile("letters/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		if m := regexp.MustCompile(`.{0,10}['‘’\x{0400}-\x{04ff}].{0,10}`).FindString(string(b)); m != "" {
			t.Errorf("%s: %q: write ʻ (U+02BB) or ʼ (U+02BC), in Latin letters", f.Name(), m)
		}
	}
}

func TestEventText(t *testing.T) {
	e := EventText("ru", full(t))
	if e.Summary != "Шестое заседание" || !strings.Contains(e.Description, "Повестка дня\n1. Открытие") || strings.Contains(e.Description+e.Location, "meet.example") {
		t.Errorf("got %+v", e)
	}
	d := full(t)
	d.Session.Session.Mode = "online"
	if e := EventText("fr", d); e.Location != "En ligne" {
		t.Errorf("got %+v", e)
	}
}

// The page on which the reader answers is linked in letters that ask, as it was given, and nowhere else.
func TestReplyLink(t *testing.T) {
	set, data := load(t), full(t)
	data.Session.ReplyURL = "https://secretariat.example/r/abc"
	for _, lang := range locale.Languages {
		letter, err := set.Compose("invitation", lang, data)
		if err != nil || !strings.Contains(letter.Text, data.Session.ReplyURL) || !strings.Contains(letter.HTML, `href="https://secretariat.example/r/abc"`) {
			t.Errorf("%s: %v\n%s", lang, err, letter.Text)
		}
		if letter, err = set.Compose("session-cancelled", lang, data); err != nil || strings.Contains(letter.Text, data.Session.ReplyURL) {
			t.Errorf("%s: a cancellation asks for an answer: %v", lang, err)
		}
	}
}

// What a notice to the secretary says, by its cause.
func TestReplyNotice(t *testing.T) {
	set, data := load(t), full(t)
	for what, want := range map[string]string{"deputy": "for whom you are an alternate on the seat “Kazakhstan”", "secretary": "Erlan Tileubekov, an alternate for the seat, has been told"} {
		data.Session.Notice.What, data.Session.Notice.Deputy = what, "Erlan Tileubekov"
		if letter, err := set.Compose("address-dead", "en", only("address-dead", data)); err != nil || !strings.Contains(line(letter.Text), want) {
			t.Errorf("%s: %v\n%s", what, err, letter.Text)
		}
	}
	for what, want := range map[string]string{"delegate-declined": "has declined", "counter": "The morning is better."} {
		data.Session.Notice.What, data.Session.Notice.Comment = what, "The morning is better."
		letter, err := set.Compose("reply-notice", "en", only("reply-notice", data))
		if err != nil || !strings.Contains(line(letter.Text), want) || !strings.Contains(letter.Text, "Malika Rashidova") {
			t.Errorf("%s: %v\n%s", what, err, letter.Text)
		}
		secret := only("reply-notice", data)
		session := *secret.Session
		session.Session.Confidentiality = confidential
		secret.Session = &session
		if letter, err = set.Compose("reply-notice", "en", secret); err != nil || strings.Contains(letter.Text, "Kazakhstan") || strings.Contains(letter.Text, "The morning") {
			t.Errorf("%s of a confidential session: %v\n%s", what, err, letter.Text)
		}
	}
}

// A letter that is late says so, with its days, in every language; one in time does not.
func TestLateLetters(t *testing.T) {
	set := load(t)
	for _, lang := range locale.Languages {
		for _, kind := range []string{"hold-the-date", "invitation", "session-changed", "session-postponed", "session-cancelled"} {
			d := only(kind, full(t))
			d.Recipient.Language = lang
			plain, err := set.Compose(kind, lang, d)
			if err != nil {
				t.Fatal(err)
			}
			session := *d.Session
			d.Session = &session
			l := locale.For(lang)
			rule, owed := programme.NewDate(2026, 10, 26), programme.NewDate(2026, 11, 20)
			for _, c := range []struct {
				why           string
				by, owed      programme.Date
				waived        bool
				ruled, waited bool
			}{{"by the rules", rule, programme.Date{}, false, true, false}, {"waited", programme.Date{}, owed, false, false, true}, {"both, waived", rule, owed, true, true, true}} {
				session.NoticeBy, session.OwedOn, session.Waived = c.by, c.owed, c.waived
				late, err := set.Compose(kind, lang, d)
				if err != nil {
					t.Fatal(err)
				}
				if names(late.Text, l.Date(rule)) != c.ruled || names(late.Text, l.Date(owed)) != c.waited {
					t.Errorf("%s in %s, %s:\n%s", kind, lang, c.why, late.Text)
				}
				checkLetter(t, kind+"."+lang, late)
			}
			if names(plain.Text, l.Date(rule)) || names(plain.Text, l.Date(owed)) {
				t.Errorf("%s in %s, in time:\n%s", kind, lang, plain.Text)
			}
		}
	}
}

// names reports whether a text has some words, on whatever lines.
func names(text, words string) bool {
	return strings.Contains(strings.Join(strings.Fields(text), " "), strings.Join(strings.Fields(words), " "))
}

// Who is told of another's duty reads whose it is, and not that it is theirs.
func TestEscalatedDuty(t *testing.T) {
	set := load(t)
	for _, lang := range locale.Languages {
		d := only("duty-due", full(t))
		own, err := set.Compose("duty-due", lang, d)
		if err != nil {
			t.Fatal(err)
		}
		duty := *d.Duty
		duty.Escalated, duty.DutyOf = true, "members"
		d.Duty = &duty
		told, err := set.Compose("duty-due", lang, d)
		if err != nil {
			t.Fatal(err)
		}
		members := locale.For(lang).T("duty.members", nil)
		if !strings.Contains(told.Text, members) || told.Text == own.Text {
			t.Errorf("%s: it does not say %q:\n%s", lang, members, told.Text)
		}
		checkLetter(t, "duty-due."+lang, told)
		duty.Confidentiality = "confidential"
		if told, err = set.Compose("duty-due", lang, d); err != nil || strings.Contains(told.Text, members) {
			t.Errorf("%s: of a confidential session: %v\n%s", lang, err, told.Text)
		}
	}
}
