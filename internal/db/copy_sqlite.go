package db

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"

	"github.com/ncruces/go-sqlite3"
)

// vacuumInto writes a copy of the database into a new file whose pages are encrypted by key.
//
// This is the one place where a key stands in an address: the target of `vacuum into` takes it in no other way. The
// address is a parameter and no part of the statement, and the error, which would quote it, is replaced.
func vacuumInto(ctx context.Context, from *sql.DB, path string, key []byte) error {
	vfsName, err := encryptedOver("")
	if err != nil {
		return err
	}
	if len(key) != 32 {
		return errors.New("a copy of a SQLite database needs a page key of 32 bytes: it is never written unencrypted")
	}
	target := url.URL{
		Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(),
		RawQuery: url.Values{"vfs": {vfsName}, "hexkey": {hex.EncodeToString(key)}}.Encode(),
	}
	if _, err := from.ExecContext(ctx, "vacuum into $1", target.String()); err != nil {
		var told *sqlite3.Error
		if errors.As(err, &told) {
			return fmt.Errorf("copy the database: %w", told.Code())
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return errors.New("copy the database: SQLite would not")
	}
	return os.Chmod(path, 0o600)
}
