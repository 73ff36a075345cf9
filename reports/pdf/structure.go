package pdf

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/fault"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/validate"
)

// Whole files are read, checked, joined and written by the inner packages of pdfcpu. Its package api would do the same, but
// brings along the listing of forms, and with it a module that measures the width of characters in terminals: that one takes
// 20 to 30 ms of every start of the program.

// noConfig keeps the library from making folders in the home of whoever runs the program.
var noConfig = sync.OnceFunc(func() { model.ConfigPath = "disable" })

func configuration() *model.Configuration {
	noConfig()
	conf := model.NewDefaultConfiguration()
	conf.ValidationMode = model.ValidationRelaxed
	conf.Offline = true // no certificates, links or fonts are fetched
	return conf
}

// readFile reads the structure of a file; what it means is looked at by check.
func readFile(file []byte, conf *model.Configuration) (ctx *model.Context, err error) {
	defer fault.Catch(&err) // the library panics with faults of its own
	return pdfcpu.Read(bytes.NewReader(file), conf)
}

// readChecked reads a file of whose structure nothing is known yet.
func readChecked(file []byte, conf *model.Configuration) (*model.Context, error) {
	ctx, err := readFile(file, conf)
	if err != nil {
		return nil, err
	}
	return ctx, validate.XRefTable(ctx)
}

func writeFile(ctx *model.Context, w io.Writer) error {
	out := bufio.NewWriter(w)
	ctx.Write.Writer = out
	return errors.Join(pdfcpu.WriteContext(ctx), out.Flush())
}

// join appends the pages of all files to those of the first one.
func join(files [][]byte) ([]byte, error) {
	conf := configuration()
	conf.Cmd = model.MERGECREATE
	conf.CreateBookmarks = false // they would be named after files
	whole, err := readChecked(files[0], conf)
	if err != nil {
		return nil, err
	}
	whole.EnsureVersionForWriting()
	for i, f := range files[1:] {
		part, err := readChecked(f, conf)
		if err == nil {
			err = pdfcpu.MergeXRefTables("", part, whole, false, false)
		}
		if err != nil {
			return nil, fmt.Errorf("file %d: %w", i+2, err)
		}
	}
	var out bytes.Buffer
	err = writeFile(whole, &out)
	return out.Bytes(), err
}

// bookmark puts bookmarks into a file in place of those that it has. Resources that its pages repeat are kept once.
func bookmark(file []byte, marks []pdfcpu.Bookmark) ([]byte, error) {
	conf := configuration()
	conf.Cmd = model.ADDBOOKMARKS
	ctx, err := readChecked(file, conf)
	if err != nil {
		return nil, err
	}
	if err := pdfcpu.OptimizeXRefTable(ctx); err != nil {
		return nil, err
	}
	if err := pdfcpu.AddBookmarks(ctx, marks, true); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = writeFile(ctx, &out)
	return out.Bytes(), err
}
