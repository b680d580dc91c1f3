package casework

import (
	"encoding/json"
	"fmt"

	"waymark/internal/seal"
)

// The places that are sealed. A name here never changes once there are rows.
const (
	headlineBody = "casefile.headline"
	sheetBody    = "sheet.body"
	answerBody   = "answer.body"
)

// sealed gives a row's body as it is kept: JSON, sealed for this field, row and version and no other.
func sealed(key seal.Key, field, row string, version int64, body any) ([]byte, error) {
	plain, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("write %s as JSON: %w", field, err)
	}
	out, err := key.Seal(seal.Label{Field: field, Row: row, Version: version}, plain)
	if err != nil {
		return nil, fmt.Errorf("seal %s: %w", field, err)
	}
	return out, nil
}

// unsealed reads a row's body into what body points to.
func unsealed(key seal.Key, field, row string, version int64, kept []byte, body any) error {
	plain, err := key.Open(seal.Label{Field: field, Row: row, Version: version}, kept)
	if err != nil {
		return fmt.Errorf("open %s: %w", field, err)
	}
	if err := json.Unmarshal(plain, body); err != nil {
		return fmt.Errorf("read %s as JSON", field) // the JSON error may quote what was sealed
	}
	return nil
}
