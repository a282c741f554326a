package sqlite

import (
	"container/list"
	"context"
	"database/sql/driver"
	"errors"
)

// statementsMost is how many statements a connection keeps compiled: as many as the hot paths have, and to spare.
// Compiling one takes longer than running it.
const statementsMost = 96

// connector makes connections that keep their statements compiled and let them be seen.
type connector struct {
	driver.Connector
	watcher
}

// plainConn is what a connection of the driver can do, and database/sql uses.
type plainConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// plainStmt is what a statement of the driver can do.
type plainStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// errDriver is a driver that cannot what this one could when it was chosen.
var errDriver = errors.New("sqlite: the driver's connections have changed")

// Connect makes a connection.
func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	inner, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	plain, ok := inner.(plainConn)
	if !ok {
		return nil, errors.Join(errDriver, inner.Close())
	}
	return &conn{plainConn: plain, of: c, kept: map[string]*list.Element{}, used: list.New()}, nil
}

// conn is a connection with its compiled statements. Like every driver.Conn it is used by one goroutine at a time.
type conn struct {
	plainConn
	of   connector
	kept map[string]*list.Element
	used *list.List // Of *statement, the one that was used last at the front.

	commits durability // How it commits; "" is not known.
}

// statement is a compiled one. It is lent to one user at a time: for one execution, until its rows are read, or for as
// long as somebody has it prepared.
type statement struct {
	plainStmt
	of   *conn
	text string
	lent bool
	seen *watched // While somebody has it prepared.
}

// lend gives a statement, which Close takes back. Of one that is lent already another is compiled.
func (c *conn) lend(ctx context.Context, text string) (*statement, error) {
	element, known := c.kept[text]
	if known {
		if s, _ := element.Value.(*statement); !s.lent {
			c.used.MoveToFront(element)
			s.lent = true
			return s, nil
		}
	}
	inner, err := c.plainConn.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	plain, ok := inner.(plainStmt)
	if !ok {
		return nil, errors.Join(errDriver, inner.Close())
	}
	s := &statement{plainStmt: plain, of: c, text: text, lent: true}
	if !known {
		c.kept[text] = c.used.PushFront(s)
		c.forget()
	}
	return s, nil
}

// forget closes the statements that were not used for longest.
func (c *conn) forget() {
	for e := c.used.Back(); e != nil && c.used.Len() > statementsMost; {
		s, _ := e.Value.(*statement)
		before := e.Prev()
		if !s.lent {
			c.used.Remove(e)
			delete(c.kept, s.text)
			_ = s.plainStmt.Close()
		}
		e = before
	}
}

// Close takes a lent statement back, and ends one that is not kept.
func (s *statement) Close() error {
	s.seen.end(nil)
	s.seen = nil
	s.lent = false
	if e, ok := s.of.kept[s.text]; ok && e.Value == any(s) {
		return nil
	}
	return s.plainStmt.Close()
}

// ExecContext is driver.StmtExecContext's.
func (s *statement) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	result, err := s.plainStmt.ExecContext(ctx, args)
	s.seen.changed(result, err)
	return result, err
}

// PrepareContext is driver.ConnPrepareContext's. What is prepared runs for many rows, and is seen once.
func (c *conn) PrepareContext(ctx context.Context, text string) (driver.Stmt, error) {
	s, err := c.lend(ctx, text)
	if err != nil {
		return nil, err
	}
	s.seen = c.of.begin(ctx, text)
	return s, nil
}

// ExecContext is driver.ExecerContext's.
func (c *conn) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	s, err := c.lend(ctx, text)
	if err != nil {
		return nil, err
	}
	s.seen = c.of.begin(ctx, text)
	defer func() { _ = s.Close() }()
	return s.ExecContext(ctx, args)
}

// QueryContext is driver.QueryerContext's.
func (c *conn) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	s, err := c.lend(ctx, text)
	if err != nil {
		return nil, err
	}
	s.seen = c.of.begin(ctx, text)
	rows, err := s.QueryContext(ctx, args)
	if err != nil {
		s.seen.failed(err)
		_ = s.Close()
		return nil, err
	}
	return &lentRows{Rows: rows, of: s}, nil
}

// BeginTx is driver.ConnBeginTx's.
func (c *conn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	tx, err := c.plainConn.BeginTx(ctx, opts)
	if err != nil || c.of.blind() || opts.ReadOnly {
		return tx, err
	}
	return watchedTx{tx, c.of.watcher, ctx}, nil
}

// Close closes the connection and its statements.
func (c *conn) Close() error {
	for e := c.used.Front(); e != nil; e = e.Next() {
		s, _ := e.Value.(*statement)
		_ = s.plainStmt.Close()
	}
	return c.plainConn.Close()
}

// lentRows are the rows of a lent statement.
type lentRows struct {
	driver.Rows
	of *statement
}

// Next counts a row.
func (r *lentRows) Next(into []driver.Value) error {
	err := r.Rows.Next(into)
	if err == nil {
		r.of.seen.row()
	}
	return err
}

// Close ends the reading and takes the statement back.
func (r *lentRows) Close() error {
	return errors.Join(r.Rows.Close(), r.of.Close())
}
