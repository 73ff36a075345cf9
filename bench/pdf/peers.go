package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

// peer is a program that sets the content. command makes n documents into a file; a program that makes one document per
// process has single set.
type peer struct {
	name    string
	probe   []string // fails when the program is not installed
	command func(file string, n int) []string
	single  bool
	note    string
}

// peers lists the programs. dir holds content.json and content.html, drivers the files of bench/peers.
func peers(self, dir, drivers string) []peer {
	own := func(program string, times int) func(string, int) []string {
		return func(file string, n int) []string {
			return []string{self, "-one", program, "-times", strconv.Itoa(times), "-n", strconv.Itoa(n), file}
		}
	}
	script := func(interpreter, name string) func(string, int) []string {
		return func(file string, n int) []string {
			return []string{interpreter, filepath.Join(drivers, name), dir, file, strconv.Itoa(n)}
		}
	}
	python := "/usr/bin/python3"
	return []peer{
		{name: "secretariat", command: own("secretariat", 1), note: "tagged, fonts cut, data embedded"},
		{name: "plain gofpdf", command: own("gofpdf", 1), note: "the same pages, typeset by secretariat; no tags"},
		{name: "maroto", probe: []string{"go", "build", "-C", filepath.Join(drivers, "maroto"), "-o", filepath.Join(dir, "maroto"), "."},
			command: func(file string, n int) []string {
				return []string{filepath.Join(dir, "maroto"), dir, file, strconv.Itoa(n), filepath.Join(drivers, "..", "..", "templates", "fonts")}
			}, note: "no vector charts: coloured columns"},
		{name: "ReportLab", probe: []string{python, "-c", "import reportlab"}, command: script(python, "reportlab_peer.py")},
		{name: "WeasyPrint", probe: []string{python, "-c", "import weasyprint"}, command: script(python, "weasyprint_peer.py")},
		{name: "pdfkit", probe: []string{"node", "-e", "require('pdfkit')"}, command: script("node", "pdfkit_peer.js")},
		{name: "Chromium", probe: []string{"chromium", "--version"}, single: true, note: "CPU of the processes that it waits for",
			command: func(file string, _ int) []string {
				return []string{"chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
					"--user-data-dir=" + filepath.Join(dir, "chromium"), "--print-to-pdf=" + file, "file://" + filepath.Join(dir, "content.html")}
			}},
		{name: "secretariat, 200 pages", command: own("secretariat", 20)},
		{name: "plain gofpdf, 200 pages", command: own("gofpdf", 20)},
	}
}

// compare prints what whole processes cost. The CPU time of a further document is (n documents − one) ÷ (n − 1).
func compare(n int, dir string) error {
	c := newContent("en", 1)
	b, err := json.Marshal(c)
	if err != nil {
		return err
	}
	page, err := os.Create(filepath.Join(dir, "content.html"))
	if err != nil {
		return err
	}
	defer page.Close()
	if err := writeHTML(page, c); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "content.json"), b, 0o644); err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	drivers, err := filepath.Abs("bench/peers")
	if err != nil {
		return err
	}
	fmt.Println("| Program | cold, CPU ms | ratio | warm, CPU ms | ratio | memory, MB | file, KB | |")
	fmt.Println("|---|---|---|---|---|---|---|---|")
	var first, firstWarm float64
	for i, p := range peers(self, dir, drivers) {
		if p.probe != nil && exec.Command(p.probe[0], p.probe[1:]...).Run() != nil {
			fmt.Printf("| %s | not installed | | | | | | |\n", p.name)
			continue
		}
		r, err := measure(p, n, dir)
		if err != nil {
			fmt.Printf("| %s | failed | | | | | | %.100s |\n", p.name, err.Error())
			continue
		}
		if i == 0 {
			first, firstWarm = r.cold, r.warm
		}
		warm, ratio := "", ""
		if !p.single {
			warm, ratio = fmt.Sprintf("%.1f", r.warm), fmt.Sprintf("%.1f", r.warm/firstWarm)
		}
		fmt.Printf("| %s | %.0f | %.1f | %s | %s | %.0f | %d | %s |\n", p.name, r.cold, r.cold/first, warm, ratio, r.memory, r.size>>10, p.note)
	}
	fmt.Println()
	return nil
}

// result is in ms of CPU, MB and bytes.
type result struct {
	cold, warm, memory float64
	size               int64
}

// measure takes the median of three cold runs and one warm run.
func measure(p peer, n int, dir string) (r result, err error) {
	file := filepath.Join(dir, "out.pdf")
	os.Remove(file)
	var cold [3]float64
	for i := range cold {
		c, err := costOf(dir, p.command(file, 1))
		if err != nil {
			return r, err
		}
		cold[i], r.memory = ms(c.cpu), max(r.memory, float64(c.memory)/1024)
	}
	r.cold = max(min(cold[0], cold[1]), min(max(cold[0], cold[1]), cold[2]))
	info, err := os.Stat(file)
	if err != nil {
		return r, err
	}
	if r.size = info.Size(); p.single {
		return r, nil
	}
	many := max(4, min(n, int(4000/r.cold))) // a slow program is given fewer documents
	c, err := costOf(dir, p.command(file, many))
	r.warm = (ms(c.cpu) - r.cold) / float64(many-1)
	return r, err
}
