package access

import (
	"waymark/internal/db"
	"waymark/internal/fault"
)

// ChangePassword sets a new password for somebody who showed their old one and their second factor: they stay signed in
// here, under a new token, and nowhere else. right is false when the old password was wrong.
func (s *Store) ChangePassword(tx *db.Tx, who Who, old Checked, fresh Hashed) (token string, right bool, err error) {
	if old.sessions != who.Session || old.person != who.ID {
		return "", false, fault.Of(fault.Forbidden, "the password of another session")
	}
	if right, err = s.again(tx, old); err != nil || !right {
		return "", false, err
	}
	if err := s.setPassword(tx, who.ID, fresh, who.Session); err != nil {
		return "", false, err
	}
	token = NewToken()
	_, err = tx.Exec(`update session set token = $2 where id = $1`, who.Session, hashed(token))
	return token, err == nil, err
}

// Again reports whether the password that CheckAgain looked at was right, and counts it when it was not.
func (s *Store) Again(tx *db.Tx, who Who, c Checked) (right bool, err error) {
	if c.sessions != who.Session || c.person != who.ID {
		return false, fault.Of(fault.Forbidden, "the password of another session")
	}
	return s.again(tx, c)
}
