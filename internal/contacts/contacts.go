// Package contacts is the one register of services and numbers that every page and every print draws on.
// It says who answers at this hour and whom to call in which order; who needs calling is for other rooms to say.
package contacts
