package typeset_test

import (
	"strconv"
	"strings"

	"secretariat/reports/document"
)

// grouped writes a number with a mark between thousands.
func grouped(mark string) func(int) string {
	return func(n int) string {
		s := strconv.Itoa(n)
		var parts []string
		for len(s) > 3 {
			parts = append([]string{s[len(s)-3:]}, parts...)
			s = s[:len(s)-3]
		}
		return strings.Join(append([]string{s}, parts...), mark)
	}
}

func tilesOf(labels, units, deltas [4]string) [4]document.Tile {
	return [4]document.Tile{
		{Label: labels[0], Value: "34", Unit: units[0], Delta: deltas[0], Up: true, Tone: document.ToneGood, Trend: []float64{12, 14, 15, 19, 20, 24, 27, 30, 34}},
		{Label: labels[1], Value: "82", Unit: units[1], Delta: deltas[1], Up: true, Tone: document.ToneAccent, Trend: []float64{70, 72, 69, 74, 78, 77, 79, 79, 82}},
		{Label: labels[2], Value: "7", Unit: units[2], Delta: deltas[2], Tone: document.ToneWarn, Trend: []float64{6, 8, 9, 11, 10, 9, 10, 9, 7}},
		{Label: labels[3], Value: "312", Unit: units[3], Note: deltas[3], Tone: document.ToneNeutral, Trend: []float64{40, 40, 120, 120, 180, 200, 240, 300, 312}},
	}
}

var samples = map[string]words{
	"en": {title: "Weekly progress report", subtitle: "Roadmap of Cooperation and Joint Action Plan between ISRS and the UN Office of Counter-Terrorism",
		programme: "Cooperation Programme of the Institute for Strategic and Regional Studies and the United Nations Office of Counter-Terrorism",
		issue:     "Weekly progress report · week 47, 2026", mark: "LIMITED", foot: "Data as of 23 November 2026, 09:00 (Tashkent, UTC+5) · Report No. 12",
		page: "Page {x} of {y}", contents: "Contents", continued: "(continued)", today: "today", unshown: "Characters that could not be shown: {n}",
		lead:     "34 of 61 activities are complete, four more than a week ago. Seven are at risk or late: the seminar on border security is three days overdue. The first session of the Regional Expert Council opens in Tashkent in 21 days; 11 of 14 experts have accepted.",
		tiles:    tilesOf([4]string{"Activities completed", "On schedule", "At risk or delayed", "Contribution received"}, [4]string{"of 61", "%", "activities", "of 450 thousand USD"}, [4]string{"4 more than a week ago", "3 points more", "2 fewer", "69 % of what was pledged"}),
		progress: "Progress by area", share: "share of activities", timeline: "Timeline", span: "September 2026 – February 2027", session: "Next council session", plan: "Joint Action Plan", count: "61 activities", money: "Contributions", risks: "What needs attention",
		areas:  [6]string{"Research and analysis", "Exchange of publications", "Joint projects", "Regional events", "Financial contribution", "Regional Expert Council"},
		states: [5]string{"done", "on track", "at risk", "delayed", "planned"}, completed: "completed", months: []string{"Sep", "Oct", "Nov", "Dec", "Jan", "Feb"},
		rows:   [8][2]string{{"Memorandum of Understanding", "7 Sep 2026"}, {"Baseline study on the financing of terrorism in Central Asia", "6 Nov 2026"}, {"Joint publication, first volume", "12 Dec 2026"}, {"Совместный тренинг в Самарканде", "27 Nov 2026"}, {"Oʻquv-seminar: chegara xavfsizligi", "20 Nov 2026"}, {"Nomination of council members", "3 Dec 2026"}, {"Regional Expert Council, first session", "14 Dec 2026"}, {"Second tranche of the contribution", "5 Feb 2027"}},
		legend: []string{"done", "planned", "original date", "milestone met", "milestone not met"},
		card:   document.Card{Day: "14", Month: "DEC 2026", Title: "Regional Expert Council, first session", Lines: []string{"Tashkent, ISRS conference hall · 10:00 (Tashkent, UTC+5)", "11 of 14 experts confirmed · agenda circulated"}, Stress: "21 days left", Status: &document.Status{Word: "confirmed", Tone: document.ToneGood}},
		heat:   "Closed activities by week, darker for more", heads: [6]string{"No", "Activity", "Progress", "Lead", "Due", "Status"},
		activities: []string{"Prepare the joint publication on countering the financing of terrorism in Central Asia", "Провести региональный семинар по реинтеграции возвращающихся лиц", "Oʻzbekiston va mintaqa: qoʻshma tahliliy maʼruza", "Échange de publications avec les instituts partenaires", "Cooperación académica: taller de expertos", "Monthly coordination call", "مؤتمر إقليمي حول إعادة التأهيل"},
		moneyHeads: [4]string{"Contribution", "Pledged, USD", "Received, USD", "Share, %"}, donors: []string{"United Nations Peace and Development Trust Fund", "Government of the Republic of Uzbekistan", "OSCE Project Co-ordinator in Uzbekistan", "Delegation of the European Union to Uzbekistan"}, total: "Total",
		note: "The balance of the second tranche depends on the report to the Trust Fund, due on 5 February 2027.", number: grouped(",")},
	"ru": {title: "Еженедельный отчёт о ходе работ", subtitle: "Дорожная карта сотрудничества и Совместный план действий ИСМИ и Контртеррористического управления ООН",
		programme: "Программа сотрудничества Института стратегических и межрегиональных исследований и Контртеррористического управления ООН",
		issue:     "Еженедельный отчёт · неделя 47, 2026", mark: "ДЛЯ СЛУЖЕБНОГО ПОЛЬЗОВАНИЯ", foot: "Данные на 23 ноября 2026 г., 09:00 (Ташкент, UTC+5) · Отчёт № 12",
		page: "Страница {x} из {y}", contents: "Содержание", continued: "(продолжение)", today: "сегодня", unshown: "Знаков, которые нельзя показать: {n}",
		lead:     "Завершены 34 из 61 мероприятия — на четыре больше, чем неделю назад. Семь под угрозой или с опозданием: семинар по безопасности границ просрочен на три дня. Первая сессия Регионального экспертного совета откроется в Ташкенте через 21 день; приглашение приняли 11 из 14 экспертов.",
		tiles:    tilesOf([4]string{"Завершённые мероприятия", "Идут по графику", "Под угрозой или с опозданием", "Полученный взнос"}, [4]string{"из 61", "%", "мероприятий", "из 450 тыс. долл. США"}, [4]string{"на 4 больше, чем неделю назад", "на 3 пункта больше", "на 2 меньше", "69 % от обещанного"}),
		progress: "Ход работ по направлениям", share: "доля мероприятий", timeline: "График", span: "сентябрь 2026 – февраль 2027", session: "Следующая сессия совета", plan: "Совместный план действий", count: "61 мероприятие", money: "Взносы", risks: "Что требует внимания",
		areas:  [6]string{"Исследования и аналитика", "Обмен публикациями", "Совместные проекты", "Региональные мероприятия", "Финансовый взнос", "Региональный экспертный совет"},
		states: [5]string{"завершено", "по графику", "под угрозой", "опаздывает", "запланировано"}, completed: "завершено", months: []string{"сен", "окт", "ноя", "дек", "янв", "фев"},
		rows:   [8][2]string{{"Меморандум о взаимопонимании", "7 сен. 2026"}, {"Базовое исследование финансирования терроризма в Центральной Азии", "6 нояб. 2026"}, {"Совместная публикация, первый том", "12 дек. 2026"}, {"Совместный тренинг в Самарканде", "27 нояб. 2026"}, {"Учебный семинар: безопасность границ", "20 нояб. 2026"}, {"Выдвижение членов совета", "3 дек. 2026"}, {"Региональный экспертный совет, первая сессия", "14 дек. 2026"}, {"Второй транш взноса", "5 февр. 2027"}},
		legend: []string{"выполнено", "запланировано", "первоначальный срок", "веха достигнута", "веха не достигнута"},
		card:   document.Card{Day: "14", Month: "ДЕК 2026", Title: "Региональный экспертный совет, первая сессия", Lines: []string{"Ташкент, конференц-зал ИСМИ · 10:00 (Ташкент, UTC+5)", "11 из 14 экспертов подтвердили участие"}, Stress: "осталось 21 день"},
		heat:   "Завершённые мероприятия по неделям", heads: [6]string{"№", "Мероприятие", "Ход работ", "Исполнитель", "Срок", "Состояние"},
		activities: []string{"Подготовить совместную публикацию о противодействии финансированию терроризма в Центральной Азии", "Провести региональный семинар по реинтеграции возвращающихся лиц", "Ежемесячный координационный созвон", "Обмен публикациями с институтами-партнёрами"},
		moneyHeads: [4]string{"Взнос", "Обещано, долл. США", "Получено, долл. США", "Доля, %"}, donors: []string{"Целевой фонд мира и развития ООН", "Правительство Республики Узбекистан", "Координатор проектов ОБСЕ в Узбекистане", "Делегация Европейского союза в Узбекистане"}, total: "Итого",
		note: "Остаток второго транша зависит от отчёта Целевому фонду, срок — 5 февраля 2027 года.", number: grouped("\u00a0")},
	"uz": {title: "Haftalik ish borishi hisoboti", subtitle: "Hamkorlik yoʻl xaritasi va Qoʻshma harakatlar rejasi: STMTI va BMT Aksilterror boshqarmasi",
		programme: "Strategik va mintaqalararo tadqiqotlar instituti bilan BMT Aksilterror boshqarmasining hamkorlik dasturi",
		issue:     "Haftalik hisobot · 2026-yil 47-hafta", foot: "Maʼlumotlar 2026-yil 23-noyabr, 09:00 holatiga (Toshkent, UTC+5) · Hisobot № 12",
		page: "{x}-bet, jami {y}", contents: "Mundarija", continued: "(davomi)", today: "bugun",
		lead:     "61 tadbirdan 34 tasi yakunlandi, bu bir hafta oldingidan toʻrtta koʻp. Yettitasi xavf ostida yoki kechikmoqda: chegara xavfsizligi boʻyicha oʻquv-seminar uch kunga kechikdi. Mintaqaviy ekspertlar kengashining birinchi sessiyasi 21 kundan soʻng Toshkentda ochiladi.",
		tiles:    tilesOf([4]string{"Yakunlangan tadbirlar", "Reja boʻyicha", "Xavf ostida yoki kechikkan", "Olingan badal"}, [4]string{"61 tadan", "%", "tadbir", "450 ming AQSH dollaridan"}, [4]string{"bir haftada 4 taga koʻp", "3 punktga koʻp", "2 taga kam", "vaʼda qilinganning 69 % i"}),
		progress: "Yoʻnalishlar boʻyicha ish borishi", share: "tadbirlar ulushi", timeline: "Vaqt jadvali", span: "2026-yil sentabr – 2027-yil fevral", session: "Kengashning navbatdagi sessiyasi", plan: "Qoʻshma harakatlar rejasi", count: "61 ta tadbir", money: "Badallar", risks: "Eʼtibor talab qiladi",
		areas:  [6]string{"Tadqiqot va tahlil", "Nashrlar almashinuvi", "Qoʻshma loyihalar", "Mintaqaviy tadbirlar", "Moliyaviy badal", "Mintaqaviy ekspertlar kengashi"},
		states: [5]string{"bajarildi", "rejada", "xavf ostida", "kechikdi", "rejalashtirilgan"}, completed: "bajarildi", months: []string{"sen", "okt", "noy", "dek", "yan", "fev"},
		rows:   [8][2]string{{"Anglashuv memorandumi", "7-sen. 2026"}, {"Markaziy Osiyoda terrorizmni moliyalashtirish boʻyicha tadqiqot", "6-noy. 2026"}, {"Qoʻshma nashr, birinchi jild", "12-dek. 2026"}, {"Samarqandda qoʻshma trening", "27-noy. 2026"}, {"Oʻquv-seminar: chegara xavfsizligi", "20-noy. 2026"}, {"Kengash aʼzolarini koʻrsatish", "3-dek. 2026"}, {"Kengashning birinchi sessiyasi", "14-dek. 2026"}, {"Badalning ikkinchi qismi", "5-fev. 2027"}},
		legend: []string{"bajarilgan", "rejalashtirilgan", "dastlabki sana", "bosqich bajarilgan", "bosqich bajarilmagan"},
		card:   document.Card{Day: "14", Month: "DEK 2026", Title: "Mintaqaviy ekspertlar kengashi, birinchi sessiya", Lines: []string{"Toshkent, STMTI majlislar zali · 10:00 (Toshkent, UTC+5)", "14 ekspertdan 11 nafari tasdiqladi"}, Stress: "21 kun qoldi"},
		heat:   "Haftalar boʻyicha yakunlangan tadbirlar", heads: [6]string{"№", "Tadbir", "Ish borishi", "Masʼul", "Muddat", "Holat"},
		activities: []string{"Oʻzbekiston va mintaqa: qoʻshma tahliliy maʼruza", "Qaytganlarni reintegratsiya qilish boʻyicha mintaqaviy seminar oʻtkazish", "Hamkor institutlar bilan nashrlar almashish", "Oylik muvofiqlashtiruv yigʻilishi"},
		moneyHeads: [4]string{"Badal", "Vaʼda qilingan, AQSH doll.", "Olingan, AQSH doll.", "Ulush, %"}, donors: []string{"BMTning Tinchlik va taraqqiyot maqsadli jamgʻarmasi", "Oʻzbekiston Respublikasi Hukumati", "YXHTning Oʻzbekistondagi loyihalar koordinatori", "Yevropa Ittifoqining vakolatxonasi"}, total: "Jami",
		note: "Ikkinchi qism qoldigʻi jamgʻarmaga hisobot topshirilishiga bogʻliq, muddati 2027-yil 5-fevral.", number: grouped("\u00a0")},
	"ar": {title: "التقرير الأسبوعي عن سير العمل", subtitle: "خارطة طريق التعاون وخطة العمل المشتركة بين المعهد ومكتب الأمم المتحدة لمكافحة الإرهاب", rtl: true,
		programme: "برنامج التعاون بين معهد الدراسات الاستراتيجية والإقليمية ومكتب الأمم المتحدة لمكافحة الإرهاب",
		issue:     "التقرير الأسبوعي · الأسبوع 47، 2026", mark: "توزيع محدود", foot: "البيانات حتى 23 نوفمبر 2026، 09:00 (طشقند، UTC+5) · التقرير رقم 12",
		page: "صفحة {x} من {y}", contents: "المحتويات", continued: "(تابع)", today: "اليوم",
		lead:     "اكتمل 34 نشاطا من أصل 61، أي بزيادة أربعة عن الأسبوع الماضي. سبعة أنشطة معرضة للخطر أو متأخرة: الحلقة الدراسية بشأن أمن الحدود متأخرة ثلاثة أيام. تُفتتح الدورة الأولى لمجلس الخبراء الإقليمي في طشقند بعد 21 يوما؛ وقبل الدعوة 11 خبيرا من 14 (ISRS وUNOCT).",
		tiles:    tilesOf([4]string{"الأنشطة المكتملة", "وفق الجدول", "معرض للخطر أو متأخر", "المساهمة المستلمة"}, [4]string{"من 61", "%", "أنشطة", "من 450 ألف دولار"}, [4]string{"بزيادة 4 عن الأسبوع الماضي", "بزيادة 3 نقاط", "أقل باثنين", "69 % من المتعهد به"}),
		progress: "التقدم حسب المجال", share: "حصة الأنشطة", timeline: "الجدول الزمني", span: "سبتمبر 2026 – فبراير 2027", session: "الدورة القادمة للمجلس", plan: "خطة العمل المشتركة", count: "61 نشاطا", money: "المساهمات", risks: "ما يحتاج إلى اهتمام",
		areas:  [6]string{"البحث والتحليل", "تبادل المنشورات", "المشاريع المشتركة", "الفعاليات الإقليمية", "المساهمة المالية", "مجلس الخبراء الإقليمي"},
		states: [5]string{"مكتمل", "في الموعد", "معرض للخطر", "متأخر", "مخطط"}, completed: "مكتمل", months: []string{"سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر", "يناير", "فبراير"},
		rows:   [8][2]string{{"مذكرة التفاهم", "7 سبتمبر 2026"}, {"دراسة أساسية عن تمويل الإرهاب في آسيا الوسطى", "6 نوفمبر 2026"}, {"المنشور المشترك، المجلد الأول", "12 ديسمبر 2026"}, {"تدريب مشترك في سمرقند", "27 نوفمبر 2026"}, {"حلقة دراسية: أمن الحدود", "20 نوفمبر 2026"}, {"ترشيح أعضاء المجلس", "3 ديسمبر 2026"}, {"مجلس الخبراء الإقليمي، الدورة الأولى", "14 ديسمبر 2026"}, {"الدفعة الثانية من المساهمة", "5 فبراير 2027"}},
		legend: []string{"منجز", "مخطط", "الموعد الأصلي", "مرحلة منجزة", "مرحلة غير منجزة"},
		card:   document.Card{Day: "14", Month: "ديسمبر 2026", Title: "مجلس الخبراء الإقليمي، الدورة الأولى", Lines: []string{"طشقند، قاعة المعهد · 10:00 (طشقند، UTC+5)", "أكد 11 خبيرا من 14 حضورهم"}, Stress: "بقي 21 يوما"},
		heat:   "الأنشطة المكتملة حسب الأسبوع", heads: [6]string{"الرقم", "النشاط", "التقدم", "الجهة", "الموعد", "الحالة"},
		activities: []string{"إعداد المنشور المشترك عن مكافحة تمويل الإرهاب في آسيا الوسطى", "عقد حلقة دراسية إقليمية عن إعادة إدماج العائدين", "تبادل المنشورات مع المعاهد الشريكة (ISRS)", "اجتماع التنسيق الشهري"},
		moneyHeads: [4]string{"المساهمة", "المتعهد به، دولار", "المستلم، دولار", "الحصة، %"}, donors: []string{"صندوق الأمم المتحدة الاستئماني للسلام والتنمية", "حكومة جمهورية أوزبكستان", "منسق مشاريع منظمة الأمن والتعاون", "وفد الاتحاد الأوروبي"}, total: "المجموع",
		note: "يتوقف رصيد الدفعة الثانية على التقرير المقدم إلى الصندوق في 5 فبراير 2027.", number: grouped(",")},
	"zh": {title: "每周进展报告", subtitle: "战略与地区研究所和联合国反恐怖主义办公室合作路线图与联合行动计划",
		programme: "战略与地区研究所和联合国反恐怖主义办公室合作方案", issue: "每周进展报告 · 2026年第47周", foot: "数据截至2026年11月23日09:00（塔什干，UTC+5）· 第12号报告",
		page: "第 {x} 页，共 {y} 页", contents: "目录", continued: "（续）", today: "今天",
		lead:     "61项活动中已完成34项，比上周多4项。7项存在风险或延误：边境安全研讨会已逾期三天。区域专家理事会第一届会议将于21天后在塔什干开幕；14名专家中已有11名接受邀请。《联合行动计划》的执行情况见下文。",
		tiles:    tilesOf([4]string{"已完成活动", "按期进行", "有风险或延误", "已收捐款"}, [4]string{"共61项", "%", "项", "共45万美元"}, [4]string{"比上周多4项", "增加3个百分点", "减少2项", "占认捐额的69%"}),
		progress: "各领域进展", share: "活动占比", timeline: "时间表", span: "2026年9月至2027年2月", session: "理事会下届会议", plan: "联合行动计划", count: "61项活动", money: "捐款", risks: "需要关注的事项",
		areas:  [6]string{"研究与分析", "出版物交流", "联合项目", "区域活动", "财政捐助", "区域专家理事会"},
		states: [5]string{"已完成", "按期", "有风险", "延误", "计划中"}, completed: "已完成", months: []string{"9月", "10月", "11月", "12月", "1月", "2月"},
		rows:   [8][2]string{{"谅解备忘录", "2026年9月7日"}, {"中亚恐怖主义融资基线研究", "2026年11月6日"}, {"联合出版物第一卷", "2026年12月12日"}, {"撒马尔罕联合培训", "2026年11月27日"}, {"边境安全研讨会", "2026年11月20日"}, {"理事会成员提名", "2026年12月3日"}, {"区域专家理事会第一届会议", "2026年12月14日"}, {"第二笔捐款", "2027年2月5日"}},
		legend: []string{"已完成", "计划", "原定日期", "里程碑已达成", "里程碑未达成"},
		card:   document.Card{Day: "14", Month: "2026年12月", Title: "区域专家理事会第一届会议", Lines: []string{"塔什干，研究所会议厅 · 10:00（塔什干，UTC+5）", "14名专家中11名已确认"}, Stress: "还有21天"},
		heat:   "每周完成的活动", heads: [6]string{"编号", "活动", "进展", "牵头方", "期限", "状态"},
		activities: []string{"编写关于打击中亚恐怖主义融资的联合出版物，并组织专家评审与公开发布", "举办关于返回者重返社会的区域研讨会", "与伙伴研究所交换出版物（ISRS）", "每月协调会议"},
		moneyHeads: [4]string{"捐款", "认捐（美元）", "已收（美元）", "占比（%）"}, donors: []string{"联合国和平与发展信托基金", "乌兹别克斯坦共和国政府", "欧安组织驻乌兹别克斯坦项目协调员", "欧洲联盟驻乌兹别克斯坦代表团"}, total: "合计",
		note: "第二笔余额取决于2027年2月5日前提交给信托基金的报告。", number: grouped(",")},
}
