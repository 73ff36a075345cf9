package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// source is what gofpdf wrote, in the shape that version 1.16.2 writes: a classic cross-reference table, and for each page
// from object 3 on a page object and a content stream.
type source struct {
	data    []byte
	offsets []int
}

// readSource reads the cross-reference table.
func readSource(data []byte) (*source, error) {
	at := bytes.LastIndex(data, []byte("startxref\n"))
	if at < 0 {
		return nil, errors.New("read gofpdf's output: no startxref")
	}
	start, _, _ := bytes.Cut(data[at+10:], []byte("\n"))
	table, err := strconv.Atoi(string(start))
	if err != nil || table >= at {
		return nil, fmt.Errorf("read gofpdf's output: startxref %q", start)
	}
	lines := strings.Split(string(data[table:at]), "\n")
	s := &source{data: data}
	for _, line := range lines[min(2, len(lines)):] { // after "xref" and "0 n"
		if len(line) != 19 {
			break
		}
		offset, err := strconv.Atoi(line[:10])
		if err != nil || offset >= table {
			return nil, fmt.Errorf("read gofpdf's output: cross-reference %q", line)
		}
		s.offsets = append(s.offsets, offset)
	}
	return s, nil
}

// object returns the text of an object after its "n 0 obj" line. The end is not cut off: streams may hold anything.
func (s *source) object(id int) ([]byte, error) {
	if id <= 0 || id >= len(s.offsets) {
		return nil, fmt.Errorf("read gofpdf's output: no object %d", id)
	}
	head := strconv.Itoa(id) + " 0 obj\n"
	rest, ok := bytes.CutPrefix(s.data[s.offsets[id]:], []byte(head))
	if !ok {
		return nil, fmt.Errorf("read gofpdf's output: object %d is not at its place", id)
	}
	return rest, nil
}

// content returns the uncompressed content of a page, counted from 0.
func (s *source) content(page int) ([]byte, error) {
	body, err := s.object(4 + 2*page)
	if err != nil {
		return nil, err
	}
	body, ok := bytes.CutPrefix(body, []byte("<</Length "))
	if !ok {
		return nil, fmt.Errorf("read gofpdf's output: page %d has no content stream", page+1)
	}
	digits, body, _ := bytes.Cut(body, []byte(">>\nstream\n"))
	n, err := strconv.Atoi(string(digits))
	if err != nil || n > len(body) || !bytes.HasPrefix(body[n:], []byte("\nendstream")) {
		return nil, fmt.Errorf("read gofpdf's output: content of page %d has length %q", page+1, digits)
	}
	return body[:n], nil
}
