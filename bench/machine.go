package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// tick is the unit of processor time in /proc on every Linux that Go runs on.
const tick = 10 * time.Millisecond

// processorTime is what these processes have used.
func processorTime(processes []int) (time.Duration, error) {
	var sum time.Duration
	for _, pid := range processes {
		raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			return 0, fmt.Errorf("processor time is read from /proc, as Linux has it: %w", err)
		}
		used, _, err := statOf(string(raw))
		if err != nil {
			return 0, err
		}
		sum += used
	}
	return sum, nil
}

// statOf reads processor time and parent from a line of /proc/PID/stat. The second field may hold spaces.
func statOf(line string) (used time.Duration, parent int, err error) {
	fields := strings.Fields(line[strings.LastIndexByte(line, ')')+1:])
	if len(fields) < 13 {
		return 0, 0, fmt.Errorf("/proc/PID/stat has only %d fields", len(fields))
	}
	for _, i := range []int{11, 12} {
		n, err := strconv.Atoi(fields[i])
		if err != nil {
			return 0, 0, err
		}
		used += time.Duration(n) * tick
	}
	parent, err = strconv.Atoi(fields[1])
	return used, parent, err
}

// childrenOf gives the processes that another started.
func childrenOf(pid int) []int {
	var all []int
	entries, _ := os.ReadDir("/proc") // none: then there are none
	for _, e := range entries {
		child, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		raw, err := os.ReadFile("/proc/" + e.Name() + "/stat")
		if err != nil {
			continue
		}
		if _, parent, err := statOf(string(raw)); err == nil && parent == pid {
			all = append(all, child)
		}
	}
	return all
}

// status gives a line of /proc/PID/status in MB.
func status(pid int, name string) (float64, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(raw)) {
		if rest, ok := strings.CutPrefix(line, name+":"); ok {
			kB, err := strconv.Atoi(strings.Fields(rest)[0])
			return float64(kB) / 1024, err
		}
	}
	return 0, fmt.Errorf("/proc/PID/status has no %s", name)
}

// busy is how much of the machine was used at a moment, and how much of that by us and by what we started and ended.
type busy struct {
	at        time.Time
	all, ours time.Duration
}

func readBusy() (busy, error) {
	raw, err := os.ReadFile("/proc/stat")
	if err != nil {
		return busy{}, fmt.Errorf("the load of the machine is read from /proc, as Linux has it: %w", err)
	}
	line, _, _ := strings.Cut(string(raw), "\n")
	b := busy{at: time.Now()}
	for i, field := range strings.Fields(line)[1:] {
		if n, err := strconv.Atoi(field); err == nil && i != 3 && i != 4 && i < 8 { // neither idle nor waiting; guests count twice
			b.all += time.Duration(n) * tick
		}
	}
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var used syscall.Rusage
		if err := syscall.Getrusage(who, &used); err != nil {
			return busy{}, err
		}
		b.ours += time.Duration(used.Utime.Nano() + used.Stime.Nano())
	}
	return b, nil
}

// others is the share of all processors that went to neither us nor what we started.
func others(before, after busy) float64 {
	foreign := (after.all - before.all) - (after.ours - before.ours)
	return max(0, foreign.Seconds()) / (after.at.Sub(before.at).Seconds() * float64(runtime.NumCPU()))
}

func loadAverage() string {
	raw, _ := os.ReadFile("/proc/loadavg") // only shown
	return strings.Join(strings.Fields(string(raw))[:min(3, len(strings.Fields(string(raw))))], " ")
}

// describe says on what and of what the figures are.
func describe(ctx context.Context) ([]string, error) {
	model := valueIn("/proc/cpuinfo", "model name")
	memory, _ := strconv.Atoi(strings.TrimSuffix(valueIn("/proc/meminfo", "MemTotal"), " kB"))
	kernel, _ := os.ReadFile("/proc/sys/kernel/osrelease")
	commit, err := git(ctx, "rev-parse", "--short", "HEAD")
	if err != nil {
		return nil, err
	}
	dirty, err := git(ctx, "status", "--porcelain", "--", "cmd", "internal", "packs", "go.mod")
	if err != nil {
		return nil, err
	}
	if dirty != "" {
		commit += ", with changes that are not committed"
	}
	return []string{
		fmt.Sprintf("- machine: %d cores (%s), %d GB, Linux %s", runtime.NumCPU(), model, memory>>20, strings.TrimSpace(string(kernel))),
		fmt.Sprintf("- %s, commit %s, %s", runtime.Version(), commit, time.Now().Format("2 January 2006, 15:04")),
		"- load averages at the start: " + loadAverage(),
	}, nil
}

func valueIn(path, name string) string {
	raw, _ := os.ReadFile(path) // only shown
	for line := range strings.Lines(string(raw)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}

func git(ctx context.Context, args ...string) (string, error) {
	out, err := exec.CommandContext(ctx, "git", args...).Output()
	if err != nil {
		return "", fmt.Errorf("git %s: %w", args[0], err)
	}
	return strings.TrimSpace(string(out)), nil
}
