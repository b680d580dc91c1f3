package db_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"waymark/internal/db"
	"waymark/internal/webtest"
)

func TestMain(m *testing.M) {
	webtest.Main(m, map[string]func([]byte) error{"writer": writer, "holder": holder})
}

// holder keeps a data folder until it is killed.
func holder(with []byte) error {
	var folder string
	if err := json.Unmarshal(with, &folder); err != nil {
		return err
	}
	release, err := db.Hold(folder)
	if err != nil {
		return err
	}
	defer release()
	fmt.Println("held")
	select {}
}

// work is what the other process writes, and where.
type work struct {
	URL, Folder, Name, Sync string
	PageKey                 []byte
	Life                    int // the number of this process, so that no id comes twice
}

func workOn(cfg db.Config) work {
	return work{URL: cfg.URL, Folder: cfg.Folder, Name: cfg.Name, Sync: cfg.Sync, PageKey: cfg.PageKey}
}

func (w work) config() db.Config {
	return db.Config{URL: w.URL, Folder: w.Folder, Name: w.Name, Sync: w.Sync, PageKey: w.PageKey, Now: time.Now}
}

// writer saves three rows in one transaction, tells that it did, and goes on until it is killed.
func writer(with []byte) error {
	var w work
	if err := json.Unmarshal(with, &w); err != nil {
		return err
	}
	cfg := w.config()
	if cfg.URL == "" {
		webtest.NewDisk("lossy").Early = 0.2
		cfg.VFS = "lossy"
	}
	d, err := db.Open(cfg)
	if err != nil {
		return err
	}
	if err := d.Migrate(ctx, "test", notes); err != nil {
		return err
	}
	for n := 0; ; n++ {
		name := fmt.Sprintf("%d-%d", w.Life, n)
		err := d.Write(ctx, "p1", func(tx *db.Tx) error {
			for row := range 3 {
				size := 6000
				if rand.IntN(20) == 0 {
					size = 400_000 // now and then enough that SQLite moves its log into the database
				}
				body := make([]byte, rand.IntN(size))
				if _, err := tx.Exec(`insert into note (id, n, body) values ($1, $2, $3)`, name+"-"+strconv.Itoa(row), n, body); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		fmt.Println(name) // the acknowledgement: from here on it must be there
	}
}

// outcome is what became of what was acknowledged.
type outcome struct {
	kills, acknowledged int
	lost                []string
}

// killed starts the writer, kills it at a random point, looks whether every acknowledged row is there, and does so again.
// It stops early when something was lost.
func killed(t *testing.T, w work, kills, answers int) (o outcome) {
	t.Helper()
	told := []string{}
	for o.kills < kills || o.acknowledged < answers {
		w.Life++
		p := webtest.Start(t, "writer", w)
		// Sometimes in the middle of opening, sometimes after many answers.
		for range rand.IntN(2*answers/kills + 5) {
			line, ok := p.Line()
			if !ok {
				break
			}
			told = append(told, line)
		}
		time.Sleep(time.Duration(rand.IntN(4000)) * time.Microsecond)
		told = append(told, p.Kill()...)
		o.kills++
		o.acknowledged = len(told)
		// Not every time: the next process must also find its way after a crash that nobody tidied up.
		if rand.IntN(2) == 0 || o.kills >= kills && o.acknowledged >= answers {
			if o.lost = missing(t, w.config(), told); len(o.lost) > 0 {
				return o
			}
		}
	}
	return o
}

// missing names what was acknowledged and is not there, and what is there in part only.
func missing(t *testing.T, cfg db.Config, told []string) (lost []string) {
	t.Helper()
	d, err := db.Open(cfg)
	if err != nil {
		t.Log(err)
		return told
	}
	defer d.Close()
	rows := map[string]int{}
	err = d.Read(ctx, "", func(tx *db.Tx) error {
		ids, err := db.All(tx, db.Of[string], `select id from note`)
		for _, id := range ids {
			rows[id[:strings.LastIndex(id, "-")]]++
		}
		return err
	})
	if err != nil {
		t.Log(err) // also: there is no such table, when everything is lost
		return told
	}
	for name, n := range rows {
		if n != 3 {
			lost = append(lost, fmt.Sprintf("%s in part: %d rows of 3", name, n))
		}
	}
	for _, name := range told {
		if rows[name] == 0 {
			lost = append(lost, name)
		}
	}
	return lost
}

// manyKills is after how many kills a new database is begun, so that looking through all of it stays quick.
const manyKills = 250

func TestWhatWasAcknowledgedOutlivesAKillAndALossOfPower(t *testing.T) {
	wanted, answers := webtest.HowOften(t)
	for _, engine := range configs(t) {
		began := time.Now()
		var all outcome
		for cfg := engine; all.kills < wanted && len(all.lost) == 0; cfg = emptyLike(t, engine) {
			kills := min(wanted-all.kills, manyKills)
			o := killed(t, workOn(cfg), kills, answers*kills/wanted)
			all.kills += o.kills
			all.acknowledged += o.acknowledged
			all.lost = o.lost
		}
		t.Logf("killed %d times, %d answers acknowledged, %d lost, in %s", all.kills, all.acknowledged, len(all.lost), time.Since(began).Round(time.Millisecond))
		if len(all.lost) > 0 {
			t.Errorf("%d of %d acknowledged answers are lost: %.200s", len(all.lost), all.acknowledged, strings.Join(all.lost, ", "))
		}
	}
}

// The test above would be worth nothing if it could not fail.
func TestWithoutSyncTheSameTestFindsLostAnswers(t *testing.T) {
	w := workOn(webtest.SQLite(t, time.Now))
	w.Sync = "OFF"
	if o := killed(t, w, 50, 500); len(o.lost) == 0 {
		t.Errorf("killed %d times without sync, and none of %d acknowledged answers was lost: the disk of the test loses nothing", o.kills, o.acknowledged)
	} else {
		t.Logf("without sync, %d of %d acknowledged answers were lost after %d kills", len(o.lost), o.acknowledged, o.kills)
	}
}
