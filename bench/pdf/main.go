// Command pdf measures what a report costs: secretariat against plain gofpdf drawing the same pages, and against other
// programs that set the same content, where they are installed. It prints tables in Markdown.
//
//	go run ./bench/pdf [-n 20] [-out FOLDER]
//
// Everything is CPU time of user and system: on a busy machine the clock on the wall says little. Cold is a whole process
// that makes one report; warm is what each further report of the same process costs.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"

	"secretariat/reports/document"
	"secretariat/reports/pdf"
	"secretariat/reports/typeset"
)

func main() {
	n := flag.Int("n", 20, "documents of a warm run")
	out := flag.String("out", "", "folder that keeps the files; a temporary one when empty")
	one := flag.String("one", "", "set this program's documents and leave: secretariat, gofpdf (used by the command itself)")
	times := flag.Int("times", 1, "how often the content is repeated, with -one")
	flag.Parse()
	if err := run(*n, *out, *one, *times, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(n int, out, one string, times int, args []string) error {
	if one != "" {
		return repeat(one, times, n, args[0])
	}
	if out == "" {
		folder, err := os.MkdirTemp("", "secretariat-bench")
		if err != nil {
			return err
		}
		defer os.RemoveAll(folder)
		out = folder
	}
	fmt.Printf("%s, %s, %d processors, %s\n\n", time.Now().UTC().Format("2 January 2006"), runtime.Version(), runtime.NumCPU(), processor())
	if err := compare(n, out); err != nil { // first: Linux counts the memory of a process's parent as its own until it has more
		return err
	}
	return warm(n)
}

// processor names the machine's processor, where Linux tells it.
func processor() string {
	b, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(b)) {
		if name, ok := strings.CutPrefix(line, "model name"); ok {
			return strings.Trim(name, "\t :\n")
		}
	}
	return runtime.GOARCH
}

// repeat makes n documents in one process, for those who measure it from outside.
func repeat(program string, times, n int, file string) error {
	d := newContent("en", times).toDocument("en")
	for range n {
		b, _, err := make1(program, d)
		if err != nil {
			return err
		}
		if err := os.WriteFile(file, b, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func make1(program string, d document.Document) ([]byte, int, error) {
	if program == "secretariat" {
		return pdf.Render(d)
	}
	l, err := typeset.Set(d)
	if err != nil {
		return nil, 0, err
	}
	b, err := plain(l)
	return b, len(l.Pages), err
}

// warm prints what a further document costs by language and length.
func warm(n int) error {
	fmt.Println("| Report | Pages | secretariat, ms | of it drawing and finishing | plain gofpdf, same pages | drawing ÷ plain | ms per page |")
	fmt.Println("|---|---|---|---|---|---|---|")
	for _, row := range []struct {
		name, language string
		times          int
	}{{"10 pages", "en", 1}, {"200 pages", "en", 20}, {"2,000 pages", "en", 200}, {"Chinese", "zh", 1}, {"Arabic", "ar", 1}} {
		d := newContent(row.language, row.times).toDocument(row.language)
		l, err := typeset.Set(d)
		if err != nil {
			return err
		}
		rounds := max(3, n/row.times)
		whole := cpuPer(rounds, func() error { _, _, err := pdf.Render(d); return err })
		drawing := cpuPer(rounds, func() error { _, err := pdf.Draw(l, pdf.BuiltIn()); return err })
		base := cpuPer(rounds, func() error { _, err := plain(l); return err })
		fmt.Printf("| %s | %d | %.1f | %.1f | %.1f | %.2f | %.2f |\n", row.name, len(l.Pages), ms(whole), ms(drawing), ms(base),
			ms(drawing)/ms(base), ms(whole)/float64(len(l.Pages)))
	}
	return nil
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
