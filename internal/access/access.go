// Package access says who is asking and what they may do.
// So far there are no accounts: everyone is a visitor, and Anyone is the only permission.
package access

// Permission is what a route demands. The zero value permits nobody, so a route that forgot its permission is refused at start.
type Permission struct{ name string }

// Anyone may come in, with or without an account.
var Anyone = Permission{"anyone"}

// Stated reports whether a permission was given at all.
func (p Permission) Stated() bool { return p.name != "" }

func (p Permission) String() string { return p.name }

// Who is the person who asks. The zero value is a visitor without an account.
type Who struct{}

// May reports whether this person may do what the permission names.
func (Who) May(p Permission) bool { return p == Anyone }
