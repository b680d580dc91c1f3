package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"waymark/internal/fault"
)

// Tx is one transaction. It has one moment and one person from beginning to end.
type Tx struct {
	Now time.Time // UTC, to the millisecond; never earlier than that of a transaction before
	Who string    // the id of the person who acts; "" when it is the program itself, or nobody yet

	ctx    context.Context
	sql    *sql.Tx
	engine engine
	later  []func()
}

// Context is the one the transaction was begun with.
func (t *Tx) Context() context.Context { return t.ctx }

// Later runs f after the commit, and not at all when there is none.
func (t *Tx) Later(f func()) { t.later = append(t.later, f) }

// Exec runs a statement and says how many rows it changed.
func (t *Tx) Exec(query string, args ...any) (changed int64, err error) {
	if err := check(query); err != nil {
		return 0, err
	}
	result, err := t.sql.ExecContext(t.ctx, t.engine.text(query), args...)
	if err != nil {
		return 0, failed(query, err)
	}
	return result.RowsAffected()
}

// Row is one row as it is read.
type Row interface{ Scan(...any) error }

// All gives every row, each read by scan.
func All[T any](t *Tx, scan func(Row) (T, error), query string, args ...any) ([]T, error) {
	if err := check(query); err != nil {
		return nil, err
	}
	rows, err := t.sql.QueryContext(t.ctx, t.engine.text(query), args...)
	if err != nil {
		return nil, failed(query, err)
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, failed(query, err)
		}
		all = append(all, one)
	}
	if err := rows.Err(); err != nil {
		return nil, failed(query, err)
	}
	return all, nil
}

// One gives the first row, or fault.NotFound.
func One[T any](t *Tx, scan func(Row) (T, error), query string, args ...any) (T, error) {
	var none T
	if err := check(query); err != nil {
		return none, err
	}
	rows, err := t.sql.QueryContext(t.ctx, t.engine.text(query), args...)
	if err != nil {
		return none, failed(query, err)
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return none, failed(query, err)
		}
		return none, fault.Of(fault.NotFound, "no such row")
	}
	one, err := scan(rows)
	if err != nil {
		return none, failed(query, err)
	}
	return one, rows.Close()
}

// Of reads a row of one column, such as a count.
func Of[T any](r Row) (T, error) {
	var v T
	err := r.Scan(&v)
	return v, err
}

// failed names the statement, which holds no value: values travel apart from it.
func failed(query string, err error) error {
	if errors.Is(err, fault.NotFound) || errors.Is(err, fault.Gone) || errors.Is(err, fault.Invalid) {
		return err
	}
	return fmt.Errorf("%s: %w", brief(query), err)
}
