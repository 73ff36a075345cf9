package html

import (
	"flag"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"secretariat/reports/document"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
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

func text(s string) []document.Span { return []document.Span{{Text: s}} }

// sample holds every block.
func sample() document.Document {
	filled := 0.4
	return document.Document{
		Meta: document.Meta{Title: "Weekly progress report", Subtitle: "16 to 22 November 2026", Programme: "ISRS – UNOCT programme", Issue: "week 47, 2026",
			Language: "en", Mark: "LIMITED", Foot: "Data as of 23 November 2026, 09:00 (Tashkent, UTC+5) · Report No. 12"},
		Sections: []document.Section{
			{Blocks: []document.Block{
				document.Paragraph{Lead: true, Spans: []document.Span{{Text: "Of 61 activities, "}, {Text: "34 are completed", Bold: true}, {Text: " and 7 are late."}}},
				document.Tiles{Items: []document.Tile{
					{Label: "Activities completed", Value: "34", Unit: "of 61", Delta: "4 this week", Up: true, Tone: document.ToneGood},
					{Label: "At risk", Value: "7", Delta: "2 fewer", Tone: document.ToneWarn},
					{Label: "Contribution received", Value: "312", Unit: "thousand USD", Note: "69% of the pledge"},
					{Label: "Overdue", Value: "3", Delta: "no change", Flat: true, Tone: document.ToneBad}}},
				document.Note{Tone: document.ToneWarn, Spans: text("Two activities have sent no news for 30 days.")},
			}},
			{Title: "Activities that need attention", Level: 2, Aside: "2 of 61", Blocks: []document.Block{
				document.Table{Name: "attention", Caption: "By days late", Note: "Dates are those of the last revision.",
					Columns: []document.Column{{Title: "Activity", Weight: 1}, {Title: "Due"}, {Title: "Done", Align: document.AlignEnd}, {Title: "Status"}},
					Rows: []document.Row{
						{Kind: document.RowGroup, Cells: []document.Cell{{Spans: text("Research and analysis")}}},
						{Cells: []document.Cell{{Spans: []document.Span{{Text: "Baseline study on financing", Link: "https://programme.example/a?x=1&y='2'"}}},
							{Spans: text("11 Nov 2026"), Tone: document.ToneBad}, {Spans: text("40%"), Gauge: &document.Gauge{Share: filled}}, {Status: &document.Status{Word: "12 days late", Tone: document.ToneBad}}}},
						{Cells: []document.Cell{{Spans: text("Joint publication, first volume")}, {Spans: text("2 Dec 2026")}, {Spans: text("85%")}, {Status: &document.Status{Word: "due soon", Tone: document.ToneWarn}}}},
						{Kind: document.RowTotal, Cells: []document.Cell{{Spans: text("Total")}, {}, {Spans: text("62%")}, {}}}}},
				document.Table{Name: "wide", Columns: []document.Column{{Title: "Activity"}, {Title: "Focal point"}, {Title: "Last note"}},
					Rows: []document.Row{{Cells: []document.Cell{{Spans: text("Regional workshop on the rehabilitation of returned children")}, {Spans: text("Ms Malika Rashidova")}, {Spans: text("The venue is agreed; nominations are open until 4 December.")}}}}},
				document.Table{Name: "none", Empty: "Nothing is overdue."},
			}},
			{Title: "Progress by area", Level: 2, Blocks: []document.Block{
				document.Bars{Alt: "Bars", Rows: []document.Share{{Label: "Research", Value: 57, Text: "57%", Tone: document.ToneGood}, {Label: "Events", Value: 0, Text: "0%"}}},
				document.Stacked{Alt: "Research: 8 of 14 done, 4 on track, 2 late.", Legend: []document.Status{{Word: "done", Tone: document.ToneGood}, {Word: "on track", Tone: document.ToneAccent}, {Word: "late", Tone: document.ToneBad}},
					Rows:  []document.StackedRow{{Label: "Research", Parts: []float64{8, 4, 2}, Text: "8 / 14"}, {Label: "Events", Parts: []float64{0, 0, 0}, Text: "0 / 0"}},
					Donut: &document.Donut{Center: "56%", Label: "completed", Alt: "34 of 61", Parts: []document.Share{{Label: "done", Value: 34, Text: "34", Tone: document.ToneGood}}}},
				document.Timeline{Alt: "Timeline", Rows: []document.TimelineRow{{Label: "Inception note", Milestone: true, Met: true, Text: "3 Nov 2026", Status: document.Status{Word: "met", Tone: document.ToneGood}}}},
				document.Line{Alt: "Expenditure rose from 10 to 30 thousand USD.", Labels: []string{"Sep", "Oct", "Nov"}, Ticks: []document.Tick{{Value: 0, Text: "0"}, {Value: 30, Text: "30"}},
					Series: []document.Series{{Name: "spent", Values: []float64{10, math.NaN(), 30}, Tone: document.ToneAccent}}},
				document.Heat{Title: "Closed per week", Alt: "0 to 4", Labels: []string{"45", "46"}, Values: []float64{0, 1}},
			}},
			{Title: "Next session", Level: 3, Blocks: []document.Block{
				document.Cards{Items: []document.Card{{Day: "7", Month: "Dec 2026", Title: "Fifth session", Lines: []string{"Mon 7 December 2026, 10:00–17:00 (Tashkent, UTC+5)", "Conference Centre, hall 2"},
					Status: &document.Status{Word: "confirmed", Tone: document.ToneGood}, Stress: "14 days left"}}},
				document.Columns{Items: []document.ColumnItem{{Span: 6, Blocks: []document.Block{document.List{Items: [][]document.Span{text("left"), text("of two columns")}}}},
					{Span: 6, Blocks: []document.Block{document.List{Ordered: true, Items: [][]document.Span{{{Text: "write to "}, {Text: "secretary@isrs.example", Link: "mailto:secretary@isrs.example"}}}}}}}},
				document.PageBreak{},
			}},
			{ID: FootSection, Blocks: []document.Block{document.Paragraph{Spans: []document.Span{{Text: "You receive this because you are subscribed. "}, {Text: "End the subscription", Link: "https://programme.example/u/abc"}}}}},
		},
	}
}

func TestLetter(t *testing.T) {
	html, plain, err := Letter(sample())
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "letter.txt", plain)
	golden(t, "letter.html", html)
	for i, line := range strings.Split(plain, "\n") {
		if width(line) > textWidth && !strings.Contains(line, "http") {
			t.Errorf("line %d is %d columns wide: %q", i+1, width(line), line)
		}
	}
	for _, forbidden := range []string{"<script", "<style", "url(", "src=", "ZgotmplZ", "{{"} {
		if strings.Contains(html, forbidden) {
			t.Errorf("the letter contains %q", forbidden)
		}
	}
	sameLinks(t, html, plain)
}

func sameLinks(t *testing.T, html, plain string) {
	t.Helper()
	for _, m := range regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(html, -1) {
		link := strings.ReplaceAll(m[1], "&amp;", "&")
		if !strings.Contains(plain, "<"+link+">") {
			t.Errorf("the plain text lacks the link %s", link)
		}
	}
}

func TestPage(t *testing.T) {
	html, err := Page(sample())
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "page.html", html)
	for _, want := range []string{"<svg", "display:flex", "break-before:page"} {
		if !strings.Contains(html, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

func TestRightToLeft(t *testing.T) {
	doc := document.Document{Meta: document.Meta{Title: "تقرير", Language: "ar", RightToLeft: true},
		Sections: []document.Section{{Blocks: []document.Block{document.Paragraph{Spans: text("نص")},
			document.Table{Columns: []document.Column{{Title: "أ"}, {Title: "ب", Align: document.AlignEnd}}, Rows: []document.Row{{Cells: []document.Cell{{Spans: text("1")}, {Spans: text("2")}}}}}}}}}
	html, _, err := Letter(doc)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`<html lang="ar" dir="rtl">`, `<div lang="ar" dir="rtl"`, `align="right"`, `align="left"`} {
		if !strings.Contains(html, want) {
			t.Errorf("the letter lacks %s", want)
		}
	}
}

func TestHostileTexts(t *testing.T) {
	for _, c := range []struct{ given, html, plain, reason string }{
		{"<b>x</b>", "&lt;b&gt;x&lt;/b&gt;", "<b>x</b>", "markup is text"},
		{"a\r\nBcc: x", "a  Bcc: x", "a Bcc: x", "line breaks are spaces"},
		{"a\x00b\x1bc", "abc", "abc", "controls are dropped"},
		{"a\u202eb\u2066c\ue000", "abc", "abc", "direction overrides and private use are dropped"},
		{"a\xffb", "a�b", "a�b", "broken UTF-8 is seen"},
	} {
		html, plain, err := Letter(document.Document{Sections: []document.Section{{Blocks: []document.Block{document.Paragraph{Spans: text(c.given)}}}}})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(html, ">"+c.html+"<") || plain != c.plain+"\n" {
			t.Errorf("%q: got %q; %s", c.given, plain, c.reason)
		}
	}
}

func TestLinks(t *testing.T) {
	for _, c := range []struct{ given, want, reason string }{
		{"https://a.example/x?a=1&b=2#c", "https://a.example/x?a=1&b=2#c", "kept"},
		{"https://a.example/ё (1)", "https://a.example/%D1%91%20%281%29", "encoded as html/template would"},
		{"mailto:a@b.example", "mailto:a@b.example", "kept"},
		{"javascript:alert(1)", "", "a program"},
		{"data:text/html,x", "", "a program"},
		{"//a.example", "", "without a scheme"},
		{"https:///x", "", "without a host"},
		{"http://a b", "", "no address"},
	} {
		if got := href(c.given); got != c.want {
			t.Errorf("%q: got %q, want %q: %s", c.given, got, c.want, c.reason)
		}
	}
}

func TestGivenDocumentIsNotChanged(t *testing.T) {
	doc := document.Document{Sections: []document.Section{{Title: "a\nb"}}}
	if _, _, err := Letter(doc); err != nil || doc.Sections[0].Title != "a\nb" {
		t.Errorf("got %q, %v", doc.Sections[0].Title, err)
	}
}

func TestContrast(t *testing.T) {
	grounds := []string{"#ffffff", "#f3f5f9", "#f7f8fa"}
	for tone := document.ToneNeutral; tone <= document.ToneMute; tone++ {
		for _, ground := range grounds {
			if c := contrast(t, ink(tone), ground); c < 4.5 {
				t.Errorf("tone %d on %s: %.2f", tone, ground, c)
			}
		}
	}
	for _, pair := range [][2]string{{"#566170", "#ffffff"}, {"#566170", "#f3f5f9"}, {"#1b365d", "#eaf0f8"}, {"#a3242f", "#eaf0f8"}, {"#ffffff", "#1b365d"}, {"#1d4f91", "#eef1f5"}, {"#166352", "#eaf0f8"}} {
		if c := contrast(t, pair[0], pair[1]); c < 4.5 {
			t.Errorf("%s on %s: %.2f", pair[0], pair[1], c)
		}
	}
}

// contrast is the ratio of WCAG 2.2.
func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	light, dark := luminance(t, a), luminance(t, b)
	return (max(light, dark) + 0.05) / (min(light, dark) + 0.05)
}

func luminance(t *testing.T, hex string) (sum float64) {
	t.Helper()
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		var v float64
		for _, c := range hex[1+2*i : 3+2*i] {
			v = 16*v + float64(strings.IndexRune("0123456789abcdef", c))
		}
		v /= 255
		if v <= 0.04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+0.055)/1.055, 2.4)
		}
		sum += weight * v
	}
	return sum
}
