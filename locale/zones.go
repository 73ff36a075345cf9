package locale

import (
	"strings"
	"time"
)

// City returns what the language calls the city of an IANA zone: "Vienna", "Вена"; a zone that is not in the table gives its
// IANA city ("Lord Howe"). UTC gives "UTC", a zone without a place (a fixed offset) "".
func (l *Locale) City(zone *time.Location) string {
	name := zone.String()
	if names, ok := cities[name]; ok {
		for i, lang := range Languages {
			if lang == l.words.language {
				return names[i]
			}
		}
	}
	if name == "UTC" || strings.HasPrefix(name, "Etc/UTC") {
		return "UTC"
	}
	i := strings.LastIndex(name, "/")
	if i < 0 || strings.HasPrefix(name, "Etc/") {
		return ""
	}
	return strings.ReplaceAll(name[i+1:], "_", " ")
}

// cities holds the names in the order of Languages: en fr es ru uz ar zh.
var cities = map[string][7]string{
	"Africa/Addis_Ababa":             {"Addis Ababa", "Addis-Abeba", "Addis Abeba", "Аддис-Абеба", "Addis-Abeba", "أديس أبابا", "亚的斯亚贝巴"},
	"Africa/Cairo":                   {"Cairo", "Le Caire", "El Cairo", "Каир", "Qohira", "القاهرة", "开罗"},
	"Africa/Johannesburg":            {"Johannesburg", "Johannesburg", "Johannesburgo", "Йоханнесбург", "Yoxannesburg", "جوهانسبرغ", "约翰内斯堡"},
	"Africa/Nairobi":                 {"Nairobi", "Nairobi", "Nairobi", "Найроби", "Nayrobi", "نيروبي", "内罗毕"},
	"America/Argentina/Buenos_Aires": {"Buenos Aires", "Buenos Aires", "Buenos Aires", "Буэнос-Айрес", "Buenos-Ayres", "بوينس آيرس", "布宜诺斯艾利斯"},
	"America/Chicago":                {"Chicago", "Chicago", "Chicago", "Чикаго", "Chikago", "شيكاغو", "芝加哥"},
	"America/Los_Angeles":            {"Los Angeles", "Los Angeles", "Los Ángeles", "Лос-Анджелес", "Los-Anjeles", "لوس أنجلوس", "洛杉矶"},
	"America/Mexico_City":            {"Mexico City", "Mexico", "Ciudad de México", "Мехико", "Mexiko", "مكسيكو سيتي", "墨西哥城"},
	"America/New_York":               {"New York", "New York", "Nueva York", "Нью-Йорк", "Nyu-York", "نيويورك", "纽约"},
	"America/Sao_Paulo":              {"São Paulo", "São Paulo", "São Paulo", "Сан-Паулу", "San-Paulu", "ساو باولو", "圣保罗"},
	"America/Toronto":                {"Toronto", "Toronto", "Toronto", "Торонто", "Toronto", "تورونتو", "多伦多"},
	"Asia/Almaty":                    {"Almaty", "Almaty", "Almaty", "Алматы", "Olmaota", "ألماتي", "阿拉木图"},
	"Asia/Ashgabat":                  {"Ashgabat", "Achgabat", "Asjabad", "Ашхабад", "Ashxobod", "عشق آباد", "阿什哈巴德"},
	"Asia/Baghdad":                   {"Baghdad", "Bagdad", "Bagdad", "Багдад", "Bagʻdod", "بغداد", "巴格达"},
	"Asia/Baku":                      {"Baku", "Bakou", "Bakú", "Баку", "Boku", "باكو", "巴库"},
	"Asia/Bangkok":                   {"Bangkok", "Bangkok", "Bangkok", "Бангкок", "Bangkok", "بانكوك", "曼谷"},
	"Asia/Bishkek":                   {"Bishkek", "Bichkek", "Biskek", "Бишкек", "Bishkek", "بيشكيك", "比什凯克"},
	"Asia/Dubai":                     {"Dubai", "Dubaï", "Dubái", "Дубай", "Dubay", "دبي", "迪拜"},
	"Asia/Dushanbe":                  {"Dushanbe", "Douchanbé", "Dusambé", "Душанбе", "Dushanbe", "دوشنبه", "杜尚别"},
	"Asia/Hong_Kong":                 {"Hong Kong", "Hong Kong", "Hong Kong", "Гонконг", "Gonkong", "هونغ كونغ", "香港"},
	"Asia/Jakarta":                   {"Jakarta", "Jakarta", "Yakarta", "Джакарта", "Jakarta", "جاكرتا", "雅加达"},
	"Asia/Jerusalem":                 {"Jerusalem", "Jérusalem", "Jerusalén", "Иерусалим", "Quddus", "القدس", "耶路撒冷"},
	"Asia/Kabul":                     {"Kabul", "Kaboul", "Kabul", "Кабул", "Kobul", "كابول", "喀布尔"},
	"Asia/Karachi":                   {"Karachi", "Karachi", "Karachi", "Карачи", "Karachi", "كراتشي", "卡拉奇"},
	"Asia/Kathmandu":                 {"Kathmandu", "Katmandou", "Katmandú", "Катманду", "Katmandu", "كاتماندو", "加德满都"},
	"Asia/Kolkata":                   {"Kolkata", "Calcutta", "Calcuta", "Калькутта", "Kolkata", "كولكاتا", "加尔各答"},
	"Asia/Qatar":                     {"Doha", "Doha", "Doha", "Доха", "Doha", "الدوحة", "多哈"},
	"Asia/Riyadh":                    {"Riyadh", "Riyad", "Riad", "Эр-Рияд", "Ar-Riyod", "الرياض", "利雅得"},
	"Asia/Samarkand":                 {"Samarkand", "Samarcande", "Samarcanda", "Самарканд", "Samarqand", "سمرقند", "撒马尔罕"},
	"Asia/Seoul":                     {"Seoul", "Séoul", "Seúl", "Сеул", "Seul", "سيول", "首尔"},
	"Asia/Shanghai":                  {"Shanghai", "Shanghai", "Shanghái", "Шанхай", "Shanxay", "شنغهاي", "上海"},
	"Asia/Singapore":                 {"Singapore", "Singapour", "Singapur", "Сингапур", "Singapur", "سنغافورة", "新加坡"},
	"Asia/Tashkent":                  {"Tashkent", "Tachkent", "Taskent", "Ташкент", "Toshkent", "طشقند", "塔什干"},
	"Asia/Tehran":                    {"Tehran", "Téhéran", "Teherán", "Тегеран", "Tehron", "طهران", "德黑兰"},
	"Asia/Tokyo":                     {"Tokyo", "Tokyo", "Tokio", "Токио", "Tokio", "طوكيو", "东京"},
	"Asia/Ulaanbaatar":               {"Ulaanbaatar", "Oulan-Bator", "Ulán Bator", "Улан-Батор", "Ulan-Bator", "أولان باتور", "乌兰巴托"},
	"Australia/Sydney":               {"Sydney", "Sydney", "Sídney", "Сидней", "Sidney", "سيدني", "悉尼"},
	"Europe/Athens":                  {"Athens", "Athènes", "Atenas", "Афины", "Afina", "أثينا", "雅典"},
	"Europe/Berlin":                  {"Berlin", "Berlin", "Berlín", "Берлин", "Berlin", "برلين", "柏林"},
	"Europe/Brussels":                {"Brussels", "Bruxelles", "Bruselas", "Брюссель", "Bryussel", "بروكسل", "布鲁塞尔"},
	"Europe/Istanbul":                {"Istanbul", "Istanbul", "Estambul", "Стамбул", "Istanbul", "إسطنبول", "伊斯坦布尔"},
	"Europe/London":                  {"London", "Londres", "Londres", "Лондон", "London", "لندن", "伦敦"},
	"Europe/Madrid":                  {"Madrid", "Madrid", "Madrid", "Мадрид", "Madrid", "مدريد", "马德里"},
	"Europe/Minsk":                   {"Minsk", "Minsk", "Minsk", "Минск", "Minsk", "مينسك", "明斯克"},
	"Europe/Moscow":                  {"Moscow", "Moscou", "Moscú", "Москва", "Moskva", "موسكو", "莫斯科"},
	"Europe/Oslo":                    {"Oslo", "Oslo", "Oslo", "Осло", "Oslo", "أوسلو", "奥斯陆"},
	"Europe/Paris":                   {"Paris", "Paris", "París", "Париж", "Parij", "باريس", "巴黎"},
	"Europe/Rome":                    {"Rome", "Rome", "Roma", "Рим", "Rim", "روما", "罗马"},
	"Europe/Stockholm":               {"Stockholm", "Stockholm", "Estocolmo", "Стокгольм", "Stokgolm", "ستوكهولم", "斯德哥尔摩"},
	"Europe/Vienna":                  {"Vienna", "Vienne", "Viena", "Вена", "Vena", "فيينا", "维也纳"},
	"Europe/Warsaw":                  {"Warsaw", "Varsovie", "Varsovia", "Варшава", "Varshava", "وارسو", "华沙"},
	"Europe/Zurich":                  {"Zurich", "Zurich", "Zúrich", "Цюрих", "Syurix", "زيورخ", "苏黎世"},
	"Pacific/Auckland":               {"Auckland", "Auckland", "Auckland", "Окленд", "Oklend", "أوكلاند", "奥克兰"},
}
