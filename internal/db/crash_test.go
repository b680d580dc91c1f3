package db_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"waymark/internal/webtest"
)

// crashed lets a writer work, kills the database server under it, and looks for what was acknowledged.
func crashed(t *testing.T, sync string, crashes int) (acknowledged int, lost []string) {
	t.Helper()
	server := webtest.NewCrashing(t)
	w := workOn(server.Config(time.Now))
	w.Sync = sync
	if sync != "" {
		w.URL += "&options=-c%20synchronous_commit%3Doff"
	}
	var told []string
	for range crashes {
		w.Life++
		p := webtest.StartQuiet(t, "writer", w)
		for range 5 + rand.IntN(30) {
			line, ok := p.Line()
			if !ok {
				t.Fatal("the writer ended, and nobody had killed anything")
			}
			told = append(told, line)
		}
		server.Crash()
		told = append(told, p.Kill()...)
		if lost = missing(t, w.config(), told); len(lost) > 0 {
			break
		}
	}
	return len(told), lost
}

func TestWhatWasAcknowledgedOutlivesACrashOfTheDatabaseServer(t *testing.T) {
	if testing.Short() {
		t.Skip("PostgreSQL is not asked by `make quick`; `make test` asks it")
	}
	n, lost := crashed(t, "", 6)
	t.Logf("6 crashes of PostgreSQL, %d answers acknowledged, %d lost", n, len(lost))
	if len(lost) > 0 {
		t.Errorf("%v", lost)
	}
}

func TestAPostgresWithoutSyncLosesAnswersInTheSameTest(t *testing.T) {
	if testing.Short() {
		t.Skip("PostgreSQL is not asked by `make quick`; `make test` asks it")
	}
	n, lost := crashed(t, "OFF", 20)
	if len(lost) == 0 {
		t.Errorf("none of %d acknowledged answers was lost, so the test shows nothing", n)
	}
	t.Logf("with synchronous_commit off, %d of %d acknowledged answers were lost", len(lost), n)
}
