package main

import (
	"encoding/json"
	"flag"
	"math"
	"os"
	"os/signal"
	"slices"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

const (
	tick  = 2 * time.Millisecond
	flush = 250 * time.Millisecond
)

// What a run is asked for.
type plan struct {
	front     string
	perSecond float64
	// Until it asks that often, evenly more and more: programs that have just begun are slow.
	rampMs float64
	// Of a hundred requests; 5 or 20.
	posts   int
	run     string
	delayMs map[string]int
}

// When the n-th request is due, n from 0, milliseconds from the beginning.
func (asked plan) dueMs(n int) float64 {
	// As many as in half the ramp at full rate are asked within it.
	steadyMs := float64(n+1) * 1000 / asked.perSecond
	if steadyMs >= asked.rampMs/2 {
		return steadyMs + asked.rampMs/2
	}
	return math.Sqrt(2 * asked.rampMs * steadyMs)
}

// What the client says at its end.
type word struct {
	// CPU from its first request on, and the requests that it was spent on.
	CPUMicroseconds int64 `json:"cpuMicroseconds"`
	Begun           int   `json:"begun"`
	// How late requests were begun, after the moment at which they were due.
	Late99Ms float64 `json:"late99Ms"`
}

// An open loop (src-demo/load/plan.ts) over kept connections, without any retry of its own. It ends at SIGTERM, when
// every request that was begun has ended, and prints what it cost.
func client(args []string) {
	flags := flag.NewFlagSet("client", flag.ExitOnError)
	front := flags.String("front", "", "HOST:PORT")
	perSecond := flags.Float64("rps", 0, "requests a second")
	rampMs := flags.Float64("ramp-ms", 0, "until it asks that often")
	posts := flags.Int("posts", 20, "POSTs of a hundred requests, 5 or 20")
	postMs := flags.Int("post-ms", 0, "a POST takes so long at the workload")
	slowMs := flags.Int("slow-ms", 0, "a slow GET takes so long at the workload")
	records := flags.String("records", "", "file of the records, a JSON line each (src-demo/load/ledger.ts)")
	run := flags.String("run", "", "prefix of the requests' ids")
	_ = flags.Parse(args)
	file := appending(*records)
	asked := plan{*front, *perSecond, *rampMs, *posts, *run, map[string]int{"post": *postMs, "slow": *slowMs}}
	_ = json.NewEncoder(os.Stdout).Encode(load(asked, newLedger(file)))
}

// Asks until SIGTERM, then waits for all that is open.
func load(asked plan, ledger *ledger) word {
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGTERM)
	pool := newPool(asked.front)
	before := cpuMicroseconds()
	beganMs := nowMs()
	var open atomic.Int64
	var late []float64
	begun := 0
	ticks := time.NewTicker(tick)
	lastFlush := time.Now()
	for isEnding := false; !isEnding || open.Load() > 0; {
		select {
		case <-ended:
			isEnding = true
		case <-ticks.C:
		}
		elapsedMs := nowMs() - beganMs
		for !isEnding && asked.dueMs(begun) <= elapsedMs {
			late = append(late, elapsedMs-asked.dueMs(begun))
			open.Add(1)
			pool.send(requestOf(asked, begun), func(request request, outcome outcome) {
				ledger.write(recordOf(request, outcome))
				open.Add(-1)
			})
			begun++
		}
		if time.Since(lastFlush) > flush {
			pool.sweep()
			ledger.flush()
			lastFlush = time.Now()
		}
	}
	ledger.flush()
	slices.Sort(late)
	told := word{CPUMicroseconds: cpuMicroseconds() - before, Begun: begun}
	if len(late) > 0 {
		told.Late99Ms = late[len(late)*99/100]
	}
	return told
}

func cpuMicroseconds() int64 {
	var usage unix.Rusage
	_ = unix.Getrusage(unix.RUSAGE_SELF, &usage)
	return (usage.Utime.Nano() + usage.Stime.Nano()) / 1000
}
