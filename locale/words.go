package locale

// words is what a language needs beside its catalogue. Months and weekdays stand in Go order: January, Sunday first.
type words struct {
	language             string
	months               [12]string // alone: "ноябрь"
	dated                [12]string // in a date: "ноября"
	short                [12]string
	weekdays, weekdays3  [7]string
	date, shortDate      string // {d} day, {m} month, {y} year
	monthYear            string
	dayMonth, year       string // the parts of date without year, and a year alone
	day, moment, between string // {w} weekday; moment: {date} {time} {zone}; between adds {end}
	comma, semicolon     string // between the members of a list
	colon                string // behind a label
	group, decimal       string // of numbers
	minus                string
	percent              string // # is the number
	and                  string // before the last of a list
}

var wordsOf = map[string]words{
	"en": {
		language:  "en",
		months:    [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
		dated:     [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
		short:     [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
		weekdays:  [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
		weekdays3: [7]string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
		date:      "{d} {m} {y}", shortDate: "{d} {m} {y}", monthYear: "{m} {y}", dayMonth: "{d} {m}", year: "{y}",
		day: "{w} {date}", moment: "{w} {date}, {time}{zone}", between: "{w} {date}, {time}–{end}{zone}",
		comma: ", ", semicolon: "; ", colon: ": ", group: ",", decimal: ".", minus: "−", percent: "#%", and: " and ",
	},
	"fr": {
		language:  "fr",
		months:    [12]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
		dated:     [12]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
		short:     [12]string{"janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."},
		weekdays:  [7]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"},
		weekdays3: [7]string{"dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam."},
		date:      "{d} {m} {y}", shortDate: "{d} {m} {y}", monthYear: "{m} {y}", dayMonth: "{d} {m}", year: "{y}",
		day: "{w} {date}", moment: "{w} {date}, {time}{zone}", between: "{w} {date}, {time}–{end}{zone}",
		comma: ", ", semicolon: "\u202f; ", colon: "\u00a0: ", group: "\u202f", decimal: ",", minus: "−", percent: "#\u202f%", and: " et ",
	},
	"es": {
		language:  "es",
		months:    [12]string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
		dated:     [12]string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
		short:     [12]string{"ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic"},
		weekdays:  [7]string{"domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"},
		weekdays3: [7]string{"dom", "lun", "mar", "mié", "jue", "vie", "sáb"},
		date:      "{d} de {m} de {y}", shortDate: "{d} {m} {y}", monthYear: "{m} de {y}", dayMonth: "{d} de {m}", year: "{y}",
		day: "{w} {date}", moment: "{w} {date}, {time}{zone}", between: "{w} {date}, {time}–{end}{zone}",
		comma: ", ", semicolon: "; ", colon: ": ", group: ".", decimal: ",", minus: "−", percent: "#\u00a0%", and: " y ",
	},
	"ru": {
		language:  "ru",
		months:    [12]string{"январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"},
		dated:     [12]string{"января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"},
		short:     [12]string{"янв.", "февр.", "мар.", "апр.", "мая", "июн.", "июл.", "авг.", "сент.", "окт.", "нояб.", "дек."},
		weekdays:  [7]string{"воскресенье", "понедельник", "вторник", "среда", "четверг", "пятница", "суббота"},
		weekdays3: [7]string{"вс", "пн", "вт", "ср", "чт", "пт", "сб"},
		date:      "{d} {m} {y}\u00a0г.", shortDate: "{d} {m} {y}", monthYear: "{m} {y}\u00a0г.", dayMonth: "{d} {m}", year: "{y}\u00a0г.",
		day: "{w} {date}", moment: "{w} {date}, {time}{zone}", between: "{w} {date}, {time}–{end}{zone}",
		comma: ", ", semicolon: "; ", colon: ": ", group: "\u00a0", decimal: ",", minus: "−", percent: "#\u00a0%", and: " и ",
	},
	"uz": {
		language:  "uz",
		months:    [12]string{"yanvar", "fevral", "mart", "aprel", "may", "iyun", "iyul", "avgust", "sentabr", "oktabr", "noyabr", "dekabr"},
		dated:     [12]string{"yanvar", "fevral", "mart", "aprel", "may", "iyun", "iyul", "avgust", "sentabr", "oktabr", "noyabr", "dekabr"},
		short:     [12]string{"yan", "fev", "mar", "apr", "may", "iyn", "iyl", "avg", "sen", "okt", "noy", "dek"},
		weekdays:  [7]string{"yakshanba", "dushanba", "seshanba", "chorshanba", "payshanba", "juma", "shanba"},
		weekdays3: [7]string{"yak", "dush", "sesh", "chor", "pay", "jum", "shan"},
		date:      "{y}-yil {d}-{m}", shortDate: "{d}-{m}, {y}", monthYear: "{y}-yil {m}", dayMonth: "{d}-{m}", year: "{y}-yil",
		day: "{w}, {date}", moment: "{w}, {date}, {time}{zone}", between: "{w}, {date}, {time}–{end}{zone}",
		comma: ", ", semicolon: "; ", colon: ": ", group: "\u00a0", decimal: ",", minus: "−", percent: "#%", and: " va ",
	},
	"ar": {
		language:  "ar",
		months:    [12]string{"يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"},
		dated:     [12]string{"يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"},
		short:     [12]string{"يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"},
		weekdays:  [7]string{"الأحد", "الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت"},
		weekdays3: [7]string{"الأحد", "الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت"},
		date:      "{d} {m} {y}", shortDate: "{d} {m} {y}", monthYear: "{m} {y}", dayMonth: "{d} {m}", year: "{y}",
		day: "{w} {date}", moment: "{w} {date}، {time}{zone}", between: "{w} {date}، {time}–{end}{zone}",
		comma: "، ", semicolon: "؛ ", colon: ": ", group: ",", decimal: ".", minus: "\u200e−", percent: "#%", and: " و",
	},
	"zh": {
		language:  "zh",
		months:    [12]string{"1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"},
		dated:     [12]string{"1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"},
		short:     [12]string{"1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"},
		weekdays:  [7]string{"星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"},
		weekdays3: [7]string{"周日", "周一", "周二", "周三", "周四", "周五", "周六"},
		date:      "{y}年{m}{d}日", shortDate: "{y}年{m}{d}日", monthYear: "{y}年{m}", dayMonth: "{m}{d}日", year: "{y}年",
		day: "{date} {w}", moment: "{date} {w} {time}{zone}", between: "{date} {w} {time}–{end}{zone}",
		comma: "，", semicolon: "；", colon: "：", group: ",", decimal: ".", minus: "−", percent: "#%", and: "和",
	},
}
