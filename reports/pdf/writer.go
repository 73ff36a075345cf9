package pdf

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"strconv"
	"sync"
)

// Levels of compression: pages are compressed for every document, fonts once for many.
const (
	bestSpeed = zlib.BestSpeed
	bestSize  = zlib.BestCompression
)

// zlibWriters are kept by level: a new one clears about 650 KB.
var zlibWriters [bestSize + 1]sync.Pool

// deflate appends the compressed data to dst.
func deflate(dst, data []byte, level int) []byte {
	buf := bytes.NewBuffer(dst)
	w, _ := zlibWriters[level].Get().(*zlib.Writer)
	if w == nil {
		w, _ = zlib.NewWriterLevel(buf, level)
	} else {
		w.Reset(buf)
	}
	w.Write(data) // a bytes.Buffer takes everything
	w.Close()
	zlibWriters[level].Put(w)
	return buf.Bytes()
}

// place is where an object stands: at an offset of the file, or as entry index of object stream in.
type place struct {
	offset    int
	in, index int
}

// writer writes a PDF 1.7 file from scratch. Objects without a stream are gathered in object streams.
type writer struct {
	out    []byte
	places []place // by object number; 0 is unused
	// the object stream being filled: its number, objects and their numbers with offsets
	pack   int
	packed []int // pairs of number and offset
	body   syntax
	spare  []byte // takes the compressed data of each stream
}

// packSize is the number of objects of an object stream. A viewer unpacks the whole of it to read one.
const packSize = 200

func newWriter() *writer {
	return &writer{out: []byte("%PDF-1.7\n%\xE2\xE3\xCF\xD3\n"), places: make([]place, 1)}
}

// reserve returns the number of a new object.
func (w *writer) reserve() int {
	w.places = append(w.places, place{})
	return len(w.places) - 1
}

// object starts an object without a stream; the caller appends its value to what is returned before the next call.
func (w *writer) object(id int) *syntax {
	if len(w.packed) == 2*packSize {
		w.closePack()
	}
	if w.pack == 0 {
		w.pack = w.reserve()
	}
	w.places[id] = place{in: w.pack, index: len(w.packed) / 2}
	w.packed = append(w.packed, id, len(w.body.b))
	return &w.body
}

func (w *writer) closePack() {
	if w.pack == 0 {
		return
	}
	var head syntax
	for i, v := range w.packed {
		if i%2 == 1 && i > 1 {
			v += i / 2 // a line feed stands between two objects
		}
		head.int(v).raw(" ")
	}
	all := head.b
	for i := 1; i < len(w.packed); i += 2 {
		end := len(w.body.b)
		if i+2 < len(w.packed) {
			end = w.packed[i+2]
		}
		all = append(append(all, w.body.b[w.packed[i]:end]...), '\n')
	}
	id, n := w.pack, len(w.packed)/2
	w.pack, w.packed, w.body.b = 0, w.packed[:0], w.body.b[:0]
	w.stream(id, "/Type /ObjStm /N "+strconv.Itoa(n)+" /First "+strconv.Itoa(len(head.b)), all, bestSpeed)
}

// stream writes a stream with the entries of dict, compressed at the level.
func (w *writer) stream(id int, dict string, data []byte, level int) {
	w.spare = deflate(w.spare[:0], data, level)
	w.compressed(id, dict, w.spare)
}

// compressed writes a stream whose data were compressed before.
func (w *writer) compressed(id int, dict string, data []byte) {
	w.plain(id, dict+" /Filter /FlateDecode", data)
}

// plain writes a stream as it is.
func (w *writer) plain(id int, dict string, data []byte) {
	w.places[id] = place{offset: len(w.out)}
	w.out = strconv.AppendInt(w.out, int64(id), 10)
	w.out = append(w.out, " 0 obj\n<<"...)
	w.out = append(w.out, dict...)
	w.out = append(w.out, " /Length "...)
	w.out = strconv.AppendInt(w.out, int64(len(data)), 10)
	w.out = append(w.out, ">>\nstream\n"...)
	w.out = append(w.out, data...)
	w.out = append(w.out, "\nendstream\nendobj\n"...)
}

// finish writes the cross-reference stream and returns the file. The identifier is made from the content, so that the
// same report is the same file.
func (w *writer) finish(root, info int) []byte {
	w.closePack()
	id := w.reserve()
	w.places[id] = place{offset: len(w.out)}
	table := []byte{0, 0, 0, 0, 0, 0xFF, 0xFF}
	for _, p := range w.places[1:] {
		kind, a, b := byte(1), p.offset, 0
		if p.in > 0 {
			kind, a, b = 2, p.in, p.index
		}
		table = be.AppendUint16(be.AppendUint32(append(table, kind), uint32(a)), uint16(b))
	}
	sum := sha256.Sum256(w.out)
	start := len(w.out)
	var d syntax
	d.raw("/Type /XRef /W [1 4 2] /Size ").int(len(w.places)).raw(" /Root ").ref(root).raw(" /Info ").ref(info)
	d.raw(" /ID [").hex(sum[:16]).hex(sum[:16]).raw("]")
	w.stream(id, string(d.b), table, bestSpeed)
	w.out = append(w.out, "startxref\n"...)
	w.out = strconv.AppendInt(w.out, int64(start), 10)
	return append(w.out, "\n%%EOF\n"...)
}
