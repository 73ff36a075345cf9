package pdf

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// rewriter writes a file that the library has made once more, with objects numbered in the order in which they are met
// from the catalog. The library numbers them by chance, names itself and the moment, and leaves what nobody refers to.
type rewriter struct {
	ctx     *model.Context
	numbers map[int]int // object of the library → ours
	queue   []int       // objects of the library in our order
}

// canonical makes the same bytes of two files that say the same. info is the dictionary of the file's metadata.
func canonical(file []byte, info types.Dict) ([]byte, error) {
	ctx, err := readFile(file, configuration())
	if err != nil {
		return nil, fmt.Errorf("read merged file: %w", err)
	}
	r := &rewriter{ctx: ctx, numbers: map[int]int{}}
	if ctx.Root == nil {
		return nil, fmt.Errorf("read merged file: it has no catalog")
	}
	root := r.number(ctx.Root.ObjectNumber.Value())
	out := bytes.NewBufferString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	var offsets []int
	for i := 0; i < len(r.queue); i++ { // writing an object puts those that it refers to into the queue
		offsets = append(offsets, out.Len())
		fmt.Fprintf(out, "%d 0 obj\n", i+1)
		o, err := ctx.Dereference(*types.NewIndirectRef(r.queue[i], 0)) // objects of object streams are read only now
		if err == nil {
			err = r.object(out, o)
		}
		if err != nil {
			return nil, fmt.Errorf("write merged file: object %d: %w", r.queue[i], err)
		}
		out.WriteString("\nendobj\n")
	}
	offsets = append(offsets, out.Len())
	infoNumber := len(offsets)
	fmt.Fprintf(out, "%d 0 obj\n", infoNumber)
	if err := r.object(out, info); err != nil {
		return nil, fmt.Errorf("write merged file: metadata: %w", err)
	}
	out.WriteString("\nendobj\n")
	sum := sha256.Sum256(out.Bytes())
	table := out.Len()
	fmt.Fprintf(out, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, at := range offsets {
		fmt.Fprintf(out, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(out, "trailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[<%x><%x>]>>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, root, infoNumber, sum[:16], sum[:16], table)
	return out.Bytes(), nil
}

func (r *rewriter) number(theirs int) int {
	if n, ok := r.numbers[theirs]; ok {
		return n
	}
	r.queue = append(r.queue, theirs)
	r.numbers[theirs] = len(r.queue)
	return len(r.queue)
}

func (r *rewriter) object(out *bytes.Buffer, o types.Object) error {
	switch o := o.(type) {
	case nil:
		out.WriteString("null")
	case types.IndirectRef:
		fmt.Fprintf(out, "%d 0 R", r.number(o.ObjectNumber.Value()))
	case *types.IndirectRef:
		fmt.Fprintf(out, "%d 0 R", r.number(o.ObjectNumber.Value()))
	case types.Dict:
		return r.dict(out, o)
	case types.StreamDict:
		return r.stream(out, o)
	case *types.StreamDict:
		return r.stream(out, *o)
	case types.Array:
		out.WriteByte('[')
		for i, e := range o {
			if i > 0 {
				out.WriteByte(' ')
			}
			if err := r.object(out, e); err != nil {
				return err
			}
		}
		out.WriteByte(']')
	case types.Float:
		text := strings.TrimRight(strconv.FormatFloat(o.Value(), 'f', 6, 64), "0")
		out.WriteString(strings.TrimSuffix(text, "."))
	default:
		out.WriteString(o.PDFString())
	}
	return nil
}

func (r *rewriter) dict(out *bytes.Buffer, d types.Dict) error {
	out.WriteString("<<")
	for _, key := range slices.Sorted(maps.Keys(d)) {
		out.WriteString(types.Name(key).PDFString() + " ")
		if err := r.object(out, d[key]); err != nil {
			return err
		}
	}
	out.WriteString(">>")
	return nil
}

func (r *rewriter) stream(out *bytes.Buffer, s types.StreamDict) error {
	if s.Raw == nil {
		if err := s.Encode(); err != nil {
			return err
		}
	}
	d := maps.Clone(s.Dict)
	d["Length"] = types.Integer(len(s.Raw))
	if err := r.dict(out, d); err != nil {
		return err
	}
	out.WriteString("\nstream\n")
	out.Write(s.Raw)
	out.WriteString("\nendstream")
	return nil
}

// metadata returns the dictionary of a file's metadata.
func metadata(file []byte) (types.Dict, error) {
	ctx, err := readFile(file, configuration())
	if err != nil {
		return nil, fmt.Errorf("read metadata: %w", err)
	}
	if ctx.Info == nil {
		return types.Dict{}, nil
	}
	d, err := ctx.DereferenceDict(*ctx.Info)
	if err != nil {
		return nil, fmt.Errorf("read metadata: %w", err)
	}
	return d, nil
}
