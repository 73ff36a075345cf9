package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/validate"
)

// Limits of a file of others that is taken into a pack: what is beyond stays out, with the reason.
const (
	PackFileBytes = 32 << 20
	PackFilePages = 500
	packPatience  = 20 * time.Second
)

// Reasons for which a file of others is not taken into a pack.
var (
	ErrNotPDF    = errors.New("not a PDF file that can be read")
	ErrEncrypted = errors.New("encrypted")
	ErrTooLarge  = errors.New("too large")
	ErrTooMany   = errors.New("too many pages")
	ErrTooSlow   = errors.New("takes too long to read")
)

// Foreign is a file of others that can be taken into a pack.
type Foreign struct {
	File  []byte // written anew, without scripts and other actions that run by themselves
	Pages int
}

// Take reads a file of others for a pack. It bounds size, pages and time, survives whatever the file makes the library do,
// and returns one of the reasons above when the file is not taken.
func Take(file []byte) (Foreign, error) {
	if len(file) > PackFileBytes {
		return Foreign{}, fmt.Errorf("%w: %d bytes", ErrTooLarge, len(file))
	}
	type result struct {
		f   Foreign
		err error
	}
	done := make(chan result, 1)
	go func() { // one that takes too long is left to end by itself: a goroutine cannot be stopped, and its input is bounded
		var r result
		defer func() {
			if p := recover(); p != nil {
				r = result{err: fmt.Errorf("%w: %v", ErrNotPDF, p)}
			}
			done <- r
		}()
		r.f, r.err = take(file)
	}()
	patience := time.NewTimer(packPatience)
	defer patience.Stop()
	select {
	case r := <-done:
		return r.f, r.err
	case <-patience.C:
		return Foreign{}, ErrTooSlow
	}
}

func take(file []byte) (Foreign, error) {
	ctx, err := readFile(file, configuration())
	switch {
	case errors.Is(err, pdfcpu.ErrWrongPassword) || err == nil && ctx.Encrypt != nil:
		return Foreign{}, ErrEncrypted
	case err != nil:
		if bytes.Contains(file, []byte("/Encrypt")) {
			return Foreign{}, ErrEncrypted
		}
		return Foreign{}, fmt.Errorf("%w: %v", ErrNotPDF, err)
	}
	if err := ctx.EnsurePageCount(); err != nil {
		return Foreign{}, fmt.Errorf("%w: %v", ErrNotPDF, err)
	}
	if ctx.PageCount > PackFilePages {
		return Foreign{}, fmt.Errorf("%w: %d", ErrTooMany, ctx.PageCount)
	}
	if ctx.PageCount == 0 {
		return Foreign{}, fmt.Errorf("%w: it has no pages", ErrNotPDF)
	}
	if err := validate.XRefTable(ctx); err != nil {
		return Foreign{}, fmt.Errorf("%w: %v", ErrNotPDF, err)
	}
	if err := disarm(ctx); err != nil {
		return Foreign{}, fmt.Errorf("%w: %v", ErrNotPDF, err)
	}
	var out bytes.Buffer
	if err := writeFile(ctx, &out); err != nil {
		return Foreign{}, fmt.Errorf("%w: %v", ErrNotPDF, err)
	}
	clean, err := canonical(out.Bytes(), types.Dict{})
	if err != nil {
		return Foreign{}, fmt.Errorf("%w: %v", ErrNotPDF, err)
	}
	return Foreign{clean, ctx.PageCount}, nil
}

// disarm takes out what runs by itself: actions of the document and of pages, and annotations that start programs or
// scripts. Links to the web and within the file stay.
func disarm(ctx *model.Context) error {
	for _, key := range []string{"OpenAction", "AA", "AcroForm"} {
		ctx.RootDict.Delete(key)
	}
	for page := 1; page <= ctx.PageCount; page++ {
		d, _, _, err := ctx.PageDict(page, false)
		if err != nil {
			return err
		}
		d.Delete("AA")
		annotations, err := ctx.DereferenceArray(d["Annots"])
		if err != nil {
			return err
		}
		kept := types.Array{}
		for _, o := range annotations {
			harmless, err := harmless(ctx, o)
			if err != nil {
				return err
			}
			if harmless {
				kept = append(kept, o)
			}
		}
		if d.Delete("Annots"); len(kept) > 0 {
			d["Annots"] = kept
		}
	}
	return nil
}

// harmless reports whether an annotation only shows something or leads somewhere.
func harmless(ctx *model.Context, o types.Object) (bool, error) {
	a, err := ctx.DereferenceDict(o)
	if err != nil || a == nil {
		return false, err
	}
	if s := a.Subtype(); s == nil || *s == "FileAttachment" || *s == "Screen" || *s == "Movie" || *s == "Sound" || *s == "RichMedia" || *s == "3D" || *s == "Widget" {
		return false, nil
	}
	a.Delete("AA")
	action, err := ctx.DereferenceDict(a["A"])
	if err != nil || action == nil {
		return true, err
	}
	kind := action.NameEntry("S")
	return kind != nil && (*kind == "URI" || *kind == "GoTo"), nil
}

// Bookmark leads to a page of a pack, counted from 1.
type Bookmark struct {
	Title string
	Page  int
	Kids  []Bookmark
}

// Merge joins files into one, with bookmarks. The first one gives the file its metadata. Same files, same bytes.
func Merge(files [][]byte, bookmarks []Bookmark) (b []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			b, err = nil, fmt.Errorf("merge pages: %v", r)
		}
	}()
	joined, err := join(files)
	if err != nil {
		return nil, fmt.Errorf("merge pages: %w", err)
	}
	marked, err := bookmark(joined, marksOf(bookmarks))
	if err != nil {
		return nil, fmt.Errorf("merge pages: bookmarks: %w", err)
	}
	info, err := metadata(files[0])
	if err != nil {
		return nil, err
	}
	return canonical(marked, info)
}

func marksOf(list []Bookmark) (out []pdfcpu.Bookmark) {
	for _, b := range list {
		out = append(out, pdfcpu.Bookmark{Title: b.Title, PageFrom: b.Page, Kids: marksOf(b.Kids)})
	}
	return out
}
