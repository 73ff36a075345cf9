package prose

import "testing"

// Bold text begins and ends within words, beside punctuation too; the character that helps is never seen.
func TestBoldWithinWords(t *testing.T) {
	for _, row := range []struct{ markdown, want string }{
		{"请于**2026年12月18日（塔什干）**前答复", "请于<2026年12月18日（塔什干）>前答复"},
		{"见**《备忘录》**第三条", "见<《备忘录》>第三条"},
		{"до **пятницы (Ташкент)**включительно", "до <пятницы (Ташкент)>включительно"},
		{"**UTC+5**，之后", "<UTC+5>，之后"},
		{"by **Friday (Tashkent)** at the latest", "by <Friday (Tashkent)> at the latest"},
		{"2 ** 3 and a**b", "2 ** 3 and a**b"},
		{`data \*\*（x）\*\*后`, "data **（x）**后"},
		{"**（一）**二**（三）**四", "<（一）>二<（三）>四"},
	} {
		got := ""
		for _, s := range Spans(row.markdown) {
			if s.Bold {
				got += "<" + s.Text + ">"
			} else {
				got += s.Text
			}
		}
		if got != row.want {
			t.Errorf("%s: got %q, want %q", row.markdown, got, row.want)
		}
	}
	if spans := Spans("[x](https://example.org/a**b(c)**d)"); len(spans) != 1 || spans[0].Link != "https://example.org/a**b(c)**d" {
		t.Errorf("an address was changed: %+v", spans)
	}
}
