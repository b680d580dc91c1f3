// Command bench measures what Waymark promises, each path beside its limit or a rival in the same run, and prints one
// table. It never fails because something was slow: it measures. Run it from the top of the source, on Linux.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime/pprof"
	"strings"
	"syscall"
	"time"
)

// bench is one run.
type bench struct {
	quick    bool
	texts    int
	children int      // among how many the same child is looked for
	cases    int      // how long the longest list of cases is
	cluster  *cluster // of PostgreSQL; nil until it is needed
	own      bool     // build Bleve's own index beside ours
	dir      string
	profile  string // "" for none
	waymark  string // the binary
	rows     []row
	notes    []string
}

// row is one line of the table.
type row struct{ what, measured, beside, ratio, aim string }

// part is something that can be measured alone.
type part struct {
	name, says string
	run        func(*bench, context.Context) error
}

var parts = []part{
	{"page", "a public record page, beside nginx with the same bytes", (*bench).recordPage},
	{"answer", "the answer of the check", (*bench).answerPage},
	{"search", "search over many invented texts, beside a bare Bleve query", (*bench).search},
	{"start", "from start to first page", (*bench).start},
	{"memory", "memory at rest", (*bench).memory},
	{"audit", "the log: verified, and appended to beside a bare insert", (*bench).audit},
	{"saving", "one answer saved, beside a bare transaction of three rows", (*bench).answers},
	{"backup", "a backup beside a plain copy, and a restore", (*bench).backups},
	{"chronology", "a case with 500 chronology entries, opened", (*bench).chronology},
	{"list", "the list of cases, among more and more", (*bench).list},
	{"same", "the same child, looked for among a million", (*bench).same},
	{"size", "size of the binary and of pages", (*bench).size},
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == serveIndex {
		exit(serveTheIndex(os.Args[2:]))
	}
	b := &bench{}
	chosen := map[string]*bool{}
	flag.BoolVar(&b.quick, "quick", false, "short rounds and 5,000 texts: to see that everything runs, not to quote")
	flag.IntVar(&b.texts, "texts", 0, "how many texts to search (100,000, or 5,000 with -quick)")
	flag.BoolVar(&b.own, "bleve", false, "search also an index that Bleve makes for facets and highlights of its own; it takes long to build")
	flag.IntVar(&b.children, "children", 0, "among how many children the same child is looked for (1,000,000, or 20,000 with -quick)")
	flag.IntVar(&b.cases, "most-cases", 0, "how many cases the longest list has (100,000, or 10,000 with -quick)")
	flag.StringVar(&b.profile, "profile", "", "write a processor profile of the bench, and with it of the private half, to this file")
	for _, p := range parts {
		chosen[p.name] = flag.Bool(p.name, false, "only "+p.says+" (may be given with others)")
	}
	flag.Parse()
	for _, size := range []struct {
		of          *int
		real, quick int
	}{{&b.texts, 100_000, 5_000}, {&b.children, 1_000_000, 20_000}, {&b.cases, 100_000, 10_000}} {
		if *size.of == 0 {
			*size.of = pick(b, size.real, size.quick)
		}
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	exit(b.run(ctx, chosen))
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

func (b *bench) run(ctx context.Context, chosen map[string]*bool) (err error) {
	if b.dir, err = os.MkdirTemp("", "waymark-bench-"); err != nil {
		return err
	}
	defer os.RemoveAll(b.dir)
	defer func() {
		if b.cluster != nil {
			b.cluster.stop()
		}
	}()
	if b.profile != "" {
		to, err := os.Create(b.profile)
		if err != nil {
			return err
		}
		defer to.Close()
		if err := pprof.StartCPUProfile(to); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	b.waymark = filepath.Join(b.dir, "waymark")
	if err := build(ctx, b.waymark); err != nil {
		return err
	}
	about, err := describe(ctx)
	if err != nil {
		return err
	}
	all := true
	for _, on := range chosen {
		all = all && !*on
	}
	for _, p := range parts {
		if !all && !*chosen[p.name] {
			continue
		}
		fmt.Fprintf(os.Stderr, "%s …\n", p.says)
		before, err := readBusy()
		if err != nil {
			return err
		}
		if err := p.run(b, ctx); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		if ctx.Err() != nil {
			return errors.New("stopped")
		}
		after, err := readBusy()
		if err != nil {
			return err
		}
		b.note("%s: while it was measured, everything else on the machine used %.0f %% of the processors", p.name, 100*others(before, after))
	}
	b.print(about)
	return nil
}

// build makes a binary of the sources in the working folder.
func build(ctx context.Context, to string, more ...string) error {
	if _, err := os.Stat("cmd/waymark"); err != nil {
		return errors.New("run it from the top of the source: go run ./bench")
	}
	command := exec.CommandContext(ctx, "go", append(append([]string{"build", "-o", to}, more...), "./cmd/waymark")...)
	command.Stderr = os.Stderr
	if err := command.Run(); err != nil {
		return fmt.Errorf("go build: %w", err)
	}
	return nil
}

func (b *bench) row(what, measured, beside, ratio, aim string) {
	b.rows = append(b.rows, row{what, measured, beside, ratio, aim})
	fmt.Fprintf(os.Stderr, "  %s: %s | %s | %s\n", what, measured, beside, ratio)
}

func (b *bench) note(format string, args ...any) {
	b.notes = append(b.notes, fmt.Sprintf(format, args...))
}

// print gives the table in Markdown, so that it can be put into docs/performance.md.
func (b *bench) print(about []string) {
	fmt.Println()
	for _, line := range about {
		fmt.Println(line)
	}
	fmt.Printf("\n| what | measured | beside | of it | aim |\n| --- | --- | --- | --- | --- |\n")
	for _, r := range b.rows {
		fmt.Println("|", strings.Join([]string{r.what, r.measured, r.beside, r.ratio, r.aim}, " | "), "|")
	}
	fmt.Println()
	for _, n := range b.notes {
		fmt.Println("-", n)
	}
	fmt.Println("- load averages at the end:", loadAverage(), "·", time.Now().Format("15:04"))
}

// pick chooses between a real run and a quick one.
func pick[T any](b *bench, real, quick T) T {
	if b.quick {
		return quick
	}
	return real
}
