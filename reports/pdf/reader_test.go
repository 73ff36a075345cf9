package pdf

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// parsed is a file as a reader of its own finds it: by the cross-reference stream and nothing else.
type parsed struct {
	objects map[int]string // dictionaries and values; streams without their data
	streams map[int][]byte // unpacked
	trailer string
	root    string
	pages   []int
}

var (
	lengthOf = regexp.MustCompile(`/Length (\d+)>>\nstream\n`)
	refs     = regexp.MustCompile(`(\d+) 0 R`)
)

// read unpacks the file and fails the test where the table and the objects disagree.
func read(t testing.TB, b []byte) *parsed {
	t.Helper()
	p := &parsed{objects: map[int]string{}, streams: map[int][]byte{}}
	_, tail, _ := bytes.Cut(b[bytes.LastIndex(b, []byte("startxref")):], []byte("\n"))
	digits, _, _ := bytes.Cut(tail, []byte("\n"))
	start, err := strconv.Atoi(string(digits))
	if err != nil {
		t.Fatalf("startxref %q", digits)
	}
	var table []byte
	p.trailer, table = p.streamAt(t, b, start)
	type inPack struct{ id, pack, index int }
	var later []inPack
	for id := 0; (id+1)*7 <= len(table); id++ {
		e := table[id*7:]
		switch at := int(be.Uint32(e[1:])); e[0] {
		case 1:
			if head := fmt.Sprintf("%d 0 obj\n", id); !bytes.HasPrefix(b[at:], []byte(head)) {
				t.Fatalf("object %d is not at %d", id, at)
			}
			p.objects[id], p.streams[id] = p.streamAt(t, b, at)
		case 2:
			later = append(later, inPack{id, at, int(be.Uint16(e[5:]))})
		}
	}
	for _, l := range later {
		p.objects[l.id] = p.unpack(t, l.id, l.pack, l.index)
	}
	p.root = p.object(p.find(t, p.trailer, "/Root"))
	kids := p.object(p.find(t, p.root, "/Pages"))
	for _, m := range refs.FindAllStringSubmatch(kids[strings.Index(kids, "/Kids"):], -1) {
		id, _ := strconv.Atoi(m[1])
		p.pages = append(p.pages, id)
	}
	return p
}

func (p *parsed) streamAt(t testing.TB, b []byte, at int) (dict string, data []byte) {
	t.Helper()
	m := lengthOf.FindSubmatchIndex(b[at:])
	if m == nil {
		t.Fatalf("no stream at %d", at)
	}
	n, _ := strconv.Atoi(string(b[at+m[2] : at+m[3]]))
	dict, data = string(b[at:at+m[1]]), b[at+m[1]:at+m[1]+n]
	if !bytes.HasPrefix(b[at+m[1]+n:], []byte("\nendstream\nendobj\n")) {
		t.Fatalf("length of the stream at %d is wrong", at)
	}
	if strings.Contains(dict, "/FlateDecode") {
		r, err := zlib.NewReader(bytes.NewReader(data))
		if err == nil {
			data, err = io.ReadAll(r)
		}
		if err != nil {
			t.Fatalf("stream at %d: %v", at, err)
		}
	}
	return dict, data
}

func (p *parsed) unpack(t testing.TB, id, pack, index int) string {
	t.Helper()
	_, after, _ := strings.Cut(p.objects[pack], "/First ")
	first, err := strconv.Atoi(strings.Fields(after)[0])
	if err != nil {
		t.Fatalf("object stream %d: %s", pack, p.objects[pack])
	}
	head := strings.Fields(string(p.streams[pack][:first]))
	if head[2*index] != strconv.Itoa(id) {
		t.Fatalf("object %d stands as %s in stream %d", id, head[2*index], pack)
	}
	from, _ := strconv.Atoi(head[2*index+1])
	to := len(p.streams[pack]) - first
	if 2*index+3 < len(head) {
		to, _ = strconv.Atoi(head[2*index+3])
	}
	return string(p.streams[pack][first+from : first+to])
}

func (p *parsed) object(id int) string { return p.objects[id] }

// find returns the number of the object that a key leads to.
func (p *parsed) find(t testing.TB, dict, key string) int {
	t.Helper()
	m := regexp.MustCompile(regexp.QuoteMeta(key) + ` (\d+) 0 R`).FindStringSubmatch(dict)
	if m == nil {
		t.Fatalf("no %s in %s", key, dict)
	}
	id, _ := strconv.Atoi(m[1])
	return id
}

// content returns the content stream of a page.
func (p *parsed) content(t testing.TB, page int) string {
	t.Helper()
	return string(p.streams[p.find(t, p.object(p.pages[page]), "/Contents")])
}

func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

func itoa(n int) string { return strconv.Itoa(n) }
