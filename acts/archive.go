package acts

import (
	"context"

	"secretariat/store"
)

// Archived is a PDF that a run made and kept.
type Archived struct {
	Report  string
	Variant string // <language>-<clearance>, with more behind it where readers' parameters differ
	File    string
	Pages   int
	SHA256  string // hex
	PDF     []byte
}

// Archive hands out the PDFs of the latest runs, at most limit runs, the oldest first.
func (a *Acts) Archive(ctx context.Context, limit int) (files []Archived, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		files = nil
		runs, err := tx.Runs(ctx, "", limit)
		if err != nil {
			return err
		}
		for i := len(runs) - 1; i >= 0; i-- {
			list, err := tx.RunArtefacts(ctx, runs[i].ID)
			if err != nil {
				return err
			}
			for _, f := range list {
				if f.Format != formatPDF {
					continue
				}
				b, _, err := tx.Artefact(ctx, f.SHA256)
				if err != nil {
					return err
				}
				files = append(files, Archived{runs[i].Report, f.Variant, f.Name, *f.Pages, f.SHA256, b})
			}
		}
		return nil
	})
	return files, err
}
