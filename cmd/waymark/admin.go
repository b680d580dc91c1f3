package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/term"

	"waymark/internal/access"
	"waymark/internal/db"
	"waymark/internal/site"
)

type adminCommand struct {
	Status adminStatusCommand `cmd:"" default:"withargs" help:"Say what runs, which pack is live, and what is due: what administrators read on the page \"This copy\"."`
	Create adminCreateCommand `cmd:"" help:"Make an administrator without a browser: the first one, or a way back in when all of them are locked out."`
}

type adminStatusCommand struct {
	settings
}

// Run prints the quick half of what the doctor looks at, and ends as the doctor does.
func (c *adminStatusCommand) Run() (err error) {
	ctx := context.Background()
	live, err := site.LoadPack(c.Pack, c.LocalPack)
	if err != nil {
		return err
	}
	private, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, private.Close()) }()
	var all []site.Finding
	err = private.DB.Read(ctx, "", func(tx *db.Tx) (err error) {
		all, err = private.Running(tx, live)
		return err
	})
	if err != nil {
		return err
	}
	return report(all)
}

type adminCreateCommand struct {
	records
	Name     string `required:"" help:"As colleagues call them."`
	Address  string `required:"" help:"E-mail address or name by which they sign in."`
	SiteName string `env:"WAYMARK_SITE_NAME" help:"Name of this copy, for the authenticator app."`
}

// Run reads the password from the terminal, or as the first line of what it is given, and prints once what only the
// new administrator may know. It leaves its trace in the log like any other.
func (c *adminCreateCommand) Run() (err error) {
	password, err := newPassword(os.Stdin)
	if err != nil {
		return err
	}
	switch access.FaultOf(password, c.Name, c.Address, "waymark", c.SiteName) {
	case access.TooShort:
		return fmt.Errorf("choose a password of at least %d characters", access.PasswordLeast)
	case access.TooLong:
		return fmt.Errorf("choose a password of at most %d characters", access.PasswordMost)
	case access.TooCommon:
		return errors.New("programs try this password early on; choose words that fewer people use, or more of them, and not the person's own name")
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil { // it may be the first thing that is done with a new copy
		return fmt.Errorf("the data folder %s cannot be made: %w", c.Data, err)
	}
	ctx := context.Background()
	private, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, private.Close()) }()
	return c.make(ctx, private, password)
}

func (c *adminCreateCommand) make(ctx context.Context, private *site.Private, password string) error {
	hashed, err := private.People.Hash(ctx, password)
	if err != nil {
		return err
	}
	var made access.Made
	err = private.DB.Write(ctx, "", func(tx *db.Tx) (err error) {
		made, err = private.People.MakeAdministrator(tx, access.Newcomer{Name: c.Name, Address: c.Address, Password: hashed}, strings.TrimSpace("Waymark "+c.SiteName))
		return err
	})
	if errors.Is(err, access.AddressTaken) {
		return errors.New("somebody signs in by this address already")
	}
	if err != nil {
		return err
	}
	fmt.Printf("The administrator is made in %s, and signs in by %s.\n\nFor the authenticator app, as a key by time:\n\n    %s\n\nRecovery codes, each for once:\n\n",
		c.Data, c.Address, made.Enrolment.Secret.Reveal())
	for _, code := range made.Codes {
		fmt.Println("    " + code)
	}
	fmt.Println("\nThis is shown now and never again.")
	return nil
}

// newPassword asks twice on a terminal, without showing what is typed, and reads one line of anything else.
func newPassword(from *os.File) (string, error) {
	if !term.IsTerminal(int(from.Fd())) {
		line, err := bufio.NewReader(from).ReadString('\n')
		if line = strings.TrimRight(line, "\r\n"); line == "" {
			return "", errors.Join(errors.New("give the new administrator's password as the first line of the input"), err)
		}
		return line, nil
	}
	ask := func(says string) (string, error) {
		fmt.Fprint(os.Stderr, says)
		typed, err := term.ReadPassword(int(from.Fd()))
		fmt.Fprintln(os.Stderr)
		return string(typed), err
	}
	first, err := ask("Password of the new administrator: ")
	if err != nil {
		return "", fmt.Errorf("read the password: %w", err)
	}
	again, err := ask("The same again: ")
	if err != nil {
		return "", fmt.Errorf("read the password: %w", err)
	}
	if first != again {
		return "", errors.New("the two passwords are not the same; nothing was made")
	}
	return first, nil
}
