package typeset_test

import (
	"strings"
	"testing"

	"secretariat/reports/document"
)

// Labels under a line chart stand clear of each other, the last one too, which is moved in from the edge.
func TestLabelsOfLineChartsStandClear(t *testing.T) {
	months := strings.Fields("noviembre diciembre enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre")
	for n := 2; n <= len(months); n++ {
		chart := document.Line{Series: []document.Series{{Name: "s"}}}
		for i, m := range months[:n] {
			chart.Labels = append(chart.Labels, m+" de 2026")
			chart.Series[0].Values = append(chart.Series[0].Values, float64(i))
		}
		d := oneBlock(chart)
		l := set(t, d)
		checkLayout(t, d, l)
		if all := joined(textsOn(l, 0, "Figure")); !strings.Contains(all, "noviembre de 2026") {
			t.Errorf("%d months: the first is not named: %s", n, all)
		}
	}
}

// A head in Chinese over narrow numbers is not set one character below the other.
func TestHanHeadsOfNarrowColumns(t *testing.T) {
	for _, c := range []struct{ head, want, why string }{
		{"逾期天数", "逾期|天数", "two lines of two"},
		{"天数", "天数", "two characters stay together"},
		{"认捐总额（美元）", "", "lines of half the characters"},
	} {
		row := append(repeat(1, "7", "8", "9", "7", "8", "9", "7", "8", "9")[0], strings.Repeat("与伙伴研究所交换出版物", 9))
		table := textTable(repeat(3, row...))
		for i := range table.Columns {
			table.Columns[i] = document.Column{Title: c.head}
		}
		table.Columns[len(row)-1] = document.Column{Title: "活动", Weight: 1}
		d := oneBlock(table)
		d.Meta.Language = "zh"
		heads := textsOn(set(t, d), 0, "TH")
		if c.want != "" && !strings.Contains(joined(heads), c.want) {
			t.Errorf("%s: heads are %q, want %q", c.why, joined(heads), c.want)
		}
		for _, h := range heads {
			if strings.Contains(c.head, h.Runes) && len([]rune(h.Runes)) < 2 {
				t.Errorf("%s: %q stands alone on a line", c.why, h.Runes)
			}
		}
	}
}

// The longest date in Chinese stays on one line while the text beside it can give way.
func TestDatesInChineseStayWhole(t *testing.T) {
	date, long := "2026年12月31日", strings.Repeat("与伙伴研究所交换出版物", 9)
	table := textTable(repeat(3, date, date, date, date, date, date, long))
	for i := range table.Columns {
		table.Columns[i] = document.Column{Title: "期限"}
	}
	table.Columns[6] = document.Column{Title: "活动", Weight: 1}
	d := oneBlock(table)
	d.Meta.Language = "zh"
	texts := textsOn(set(t, d), 0, "TD")
	days := 0
	for i, o := range texts {
		if o.Runes != "日" {
			continue
		}
		if days++; o.Y != texts[i-1].Y {
			t.Errorf("%q stands below %q", o.Runes, texts[i-1].Runes)
		}
	}
	if days != 18 {
		t.Errorf("%d dates, want 18", days)
	}
}
