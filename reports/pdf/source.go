package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// source is what gofpdf wrote, in the shape that version 1.16.2 writes: a classic cross-reference table, one page object
// and one content stream per page beginning with object 3, one dictionary of resources, object 2.
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

// states returns the dictionaries of gofpdf's graphics states with their names.
func (s *source) states() (states []resource, err error) {
	body, err := s.object(2)
	if err != nil {
		return nil, err
	}
	dict, _, _ := bytes.Cut(body, []byte("\nendobj"))
	for line := range strings.Lines(string(dict)) {
		fields := strings.Fields(line) // /GS1 12 0 R
		if len(fields) != 4 || !strings.HasPrefix(line, "/GS") {
			continue
		}
		id, err := strconv.Atoi(fields[1])
		if err != nil {
			return nil, fmt.Errorf("read gofpdf's output: resource %q", line)
		}
		object, err := s.object(id)
		if err != nil {
			return nil, err
		}
		object, _, _ = bytes.Cut(object, []byte("\nendobj"))
		states = append(states, resource{fields[0], string(object)})
	}
	return states, nil
}

// resource is an entry of a resource dictionary.
type resource struct{ name, value string }
