package store

import (
	"context"
	"encoding/hex"
	"fmt"
	"time"

	"secretariat/programme"
)

// PaperFile is a file of a paper in a language. The highest version counts.
type PaperFile struct {
	Paper       string    `db:"paper"` // ref of the document
	Language    string    `db:"language"`
	Version     int       `db:"version"`
	SHA256      string    `db:"sha256"` // hex
	Name        string    `db:"name"`
	Bytes       int64     `db:"bytes"`
	SubmittedAt time.Time `db:"submitted_at"`
	SubmittedBy string    `db:"submitted_by"`
}

// PaperFiles returns the files of a session's papers, each paper's languages with all their versions, the latest first.
func (tx *Tx) PaperFiles(ctx context.Context, sessionID int64) (list []PaperFile, err error) {
	err = tx.SelectContext(ctx, &list, `
		select d.ref as paper, f.language, f.version, encode(f.sha256, 'hex') as sha256, f.name, f.bytes, f.submitted_at, f.submitted_by
		from document_file f join document d on d.id = f.document_id where d.session_id = $1
		order by d.id, f.language, f.version desc`, sessionID)
	if err != nil {
		return nil, fmt.Errorf("load files of papers: %w", err)
	}
	return list, nil
}

// PutPaper makes a paper of a session, or changes its symbol, title and distribution, and puts it under an agenda item
// unless item is "".
func (tx *Tx) PutPaper(ctx context.Context, sessionID int64, d programme.Document, item string) error {
	err := tx.run(ctx, "record paper "+d.Ref, `
		insert into document (session_id, ref, symbol, title, distribution, updated_at) values ($1, $2, $3, $4, $5, $6)
		on conflict (session_id, ref) do update set (symbol, title, distribution, updated_at) =
			(excluded.symbol, excluded.title, excluded.distribution, excluded.updated_at)`,
		sessionID, d.Ref, d.Symbol, textValue(d.Title), d.Distribution)
	if err != nil || item == "" {
		return err
	}
	return tx.run(ctx, "put paper "+d.Ref+" under agenda item "+item, `
		insert into item_document (item_id, position, document_id)
		select a.id, coalesce((select max(position) from item_document where item_id = a.id), 0) + 1, d.id
		from agenda_item a, document d where a.session_id = $1 and a.ref = $3 and d.session_id = $1 and d.ref = $2
		on conflict do nothing`, sessionID, d.Ref, item)
}

// AddPaperFile keeps a file of a paper under the next version of its language and returns that; the same bytes as the last
// version are not kept again. The language is owed from then on, if it was not.
func (tx *Tx) AddPaperFile(ctx context.Context, sessionID int64, f PaperFile, mediaType string, b []byte) (version int, err error) {
	if f.SHA256, err = tx.PutArtefact(ctx, mediaType, b); err != nil {
		return 0, err
	}
	sum, err := hex.DecodeString(f.SHA256)
	if err != nil {
		return 0, err
	}
	var last struct {
		ID      int64
		Version int
		Same    bool
	}
	err = tx.GetContext(ctx, &last, `
		select d.id, coalesce(f.version, 0) as version, coalesce(f.sha256 = $4, false) as same
		from document d left join lateral (select version, sha256 from document_file where document_id = d.id and language = $3
			order by version desc limit 1) f on true
		where d.session_id = $1 and d.ref = $2`, sessionID, f.Paper, f.Language, sum)
	if err != nil {
		return 0, fmt.Errorf("paper %s: %w", f.Paper, notFound(err))
	}
	if last.Same {
		return last.Version, nil
	}
	version = last.Version + 1
	if err := tx.run(ctx, "keep file of paper "+f.Paper, `
		insert into document_file (document_id, language, version, sha256, name, bytes, submitted_at, submitted_by)
		values ($1, $2, $3, $4, $5, $6, $8, $7)`, last.ID, f.Language, version, sum, f.Name, len(b), f.SubmittedBy); err != nil {
		return 0, err
	}
	return version, tx.run(ctx, "record language of paper "+f.Paper, `
		insert into document_version (document_id, language, file) values ($1, $2, $3) on conflict (document_id, language) do update set file = excluded.file`,
		last.ID, f.Language, f.Name)
}

// IssuePaper records since when a paper is there in a language. It returns ErrNotFound when that language is not owed.
func (tx *Tx) IssuePaper(ctx context.Context, sessionID int64, paper, language string, on programme.Date) error {
	done, err := tx.ExecContext(ctx, `
		update document_version v set issued_on = coalesce(v.issued_on, $4) from document d
		where d.id = v.document_id and d.session_id = $1 and d.ref = $2 and v.language = $3`, sessionID, paper, language, on)
	if err != nil {
		return fmt.Errorf("issue paper %s: %w", paper, err)
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return fmt.Errorf("paper %s in %s: %w", paper, language, ErrNotFound)
	}
	return nil
}

// OwePaper records that a paper is owed in a language.
func (tx *Tx) OwePaper(ctx context.Context, sessionID int64, paper, language string) error {
	return tx.run(ctx, "record language of paper "+paper, `
		insert into document_version (document_id, language) select id, $3 from document where session_id = $1 and ref = $2
		on conflict do nothing`, sessionID, paper, language)
}
