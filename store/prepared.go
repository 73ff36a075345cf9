package store

import (
	"context"
	"database/sql/driver"
	"fmt"

	"github.com/lib/pq"
)

// preparedLimit is how many statements a connection keeps prepared. The program and its job engine know fewer.
const preparedLimit = 256

// preparing makes connections that keep their statements prepared. Without it lib/pq lets PostgreSQL parse and plan each
// statement anew, one with arguments in a conversation of its own before the one that runs it: more than half of PostgreSQL's
// work on a letter. PostgreSQL replans a kept statement by itself when tables or their statistics change.
//
// What is executed without arguments goes as before: it may be several statements in one text.
type preparing struct{ driver.Connector }

func (p preparing) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := p.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	whole, ok := c.(pqConn)
	if !ok {
		c.Close()
		return nil, fmt.Errorf("a connection of lib/pq cannot do what database/sql asks of it: %T", c)
	}
	return &preparedConn{pqConn: whole, kept: map[string]*prepared{}}, nil
}

// pqConn is what a connection of lib/pq can do.
type pqConn interface {
	driver.Conn
	driver.ConnPrepareContext
	driver.ConnBeginTx
	driver.QueryerContext
	driver.ExecerContext
	driver.NamedValueChecker
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// pqRows is what rows of lib/pq can tell.
type pqRows interface {
	driver.RowsNextResultSet
	driver.RowsColumnTypeDatabaseTypeName
	driver.RowsColumnTypeLength
	driver.RowsColumnTypePrecisionScale
	driver.RowsColumnTypeScanType
}

// preparedConn is a connection with the statements that it keeps, by their text. database/sql uses it from one goroutine
// at a time.
type preparedConn struct {
	pqConn
	kept    map[string]*prepared
	uses    int64 // counts up, to find what was not used for longest
	reading bool  // rows are open: lib/pq would mix up the answers of a second statement
}

// prepared is a statement that PostgreSQL knows by name.
type prepared struct {
	statement
	used int64
}

// statement is what a statement of lib/pq can do.
type statement interface {
	driver.Stmt
	driver.StmtQueryContext
	driver.StmtExecContext
}

func (c *preparedConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if c.reading {
		return nil, errStillReading
	}
	rows, err := c.query(ctx, query, args)
	if err != nil {
		return nil, err
	}
	whole, ok := rows.(pqRows)
	if !ok {
		rows.Close()
		return nil, fmt.Errorf("rows of lib/pq cannot do what database/sql asks of them: %T", rows)
	}
	c.reading = true
	return &openRows{whole, c}, nil
}

func (c *preparedConn) query(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	s, err := c.prepared(ctx, query)
	if err != nil {
		return nil, err
	}
	rows, err := s.QueryContext(ctx, args)
	return rows, c.outlived(query, err)
}

func (c *preparedConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if c.reading {
		return nil, errStillReading
	}
	if len(args) == 0 {
		return c.pqConn.ExecContext(ctx, query, nil)
	}
	s, err := c.prepared(ctx, query)
	if err != nil {
		return nil, err
	}
	result, err := s.ExecContext(ctx, args)
	return result, c.outlived(query, err)
}

// errStillReading is a fault of the program: rows were not closed before the next statement of the same transaction.
var errStillReading = fmt.Errorf("a statement was sent while the rows of the one before were still being read")

// prepared returns the statement, which PostgreSQL prepares when the connection does not keep it yet.
func (c *preparedConn) prepared(ctx context.Context, query string) (*prepared, error) {
	c.uses++
	if s := c.kept[query]; s != nil {
		s.used = c.uses
		return s, nil
	}
	if len(c.kept) >= preparedLimit {
		if err := c.dropOldest(); err != nil {
			return nil, err
		}
	}
	made, err := c.pqConn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	whole, ok := made.(statement)
	if !ok { // "copy … from stdin", which is no statement to keep
		made.Close()
		return nil, fmt.Errorf("a statement of this kind takes no arguments: %.40s", query)
	}
	s := &prepared{whole, c.uses}
	c.kept[query] = s
	return s, nil
}

func (c *preparedConn) dropOldest() error {
	var oldest string
	for query, s := range c.kept {
		if oldest == "" || s.used < c.kept[oldest].used {
			oldest = query
		}
	}
	s := c.kept[oldest]
	delete(c.kept, oldest)
	return s.Close()
}

// outlived forgets a statement whose columns are others than when it was prepared: a newer program has changed the table.
func (c *preparedConn) outlived(query string, err error) error {
	if s := c.kept[query]; s != nil && changedColumns(err) {
		delete(c.kept, query)
	}
	return err
}

// changedColumns reports whether PostgreSQL refuses a kept statement because its columns have changed. Prepared anew, it works.
func changedColumns(err error) bool {
	p := pq.As(err, codeNotSupported)
	return p != nil && p.Routine == "RevalidateCachedQuery"
}

// openRows tells the connection when they have been read.
type openRows struct {
	pqRows
	conn *preparedConn
}

func (r *openRows) Close() error {
	r.conn.reading = false
	return r.pqRows.Close()
}
