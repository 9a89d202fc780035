// The load of `npm run bench -- leave` and `loss` as a process of its own: an open loop (src-demo/load/plan.ts),
// its records as src-demo/load/ledger.ts. In Go, over kept connections and without any retry of its own: at 2,000
// requests a second a client on Node's sockets takes more than one of two cores, which the front and the gate need.
//
// It ends at SIGTERM, when every request that was begun has ended, and prints what it cost. It is gone with whoever
// started it: when its standard input ends.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
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
	run       string
	delayMs   map[string]int
}

// What the client says at its end.
type word struct {
	// CPU from its first request on, and the requests that it was spent on.
	CPUMicroseconds int64 `json:"cpuMicroseconds"`
	Begun           int   `json:"begun"`
	// How late requests were begun, after the moment at which they were due.
	Late99Ms float64 `json:"late99Ms"`
}

func main() {
	front := flag.String("front", "", "HOST:PORT")
	perSecond := flag.Float64("rps", 0, "requests a second")
	postMs := flag.Int("post-ms", 0, "a POST takes so long at the workload")
	slowMs := flag.Int("slow-ms", 0, "a slow GET takes so long at the workload")
	records := flag.String("records", "", "file of the records, a JSON line each")
	run := flag.String("run", "", "prefix of the requests' ids")
	flag.Parse()
	file, err := os.OpenFile(*records, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(1)
	}()
	asked := plan{*front, *perSecond, *run, map[string]int{"post": *postMs, "slow": *slowMs}}
	told := load(asked, newLedger(file))
	_ = json.NewEncoder(os.Stdout).Encode(told)
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
		for !isEnding && float64(begun+1)*1000/asked.perSecond <= elapsedMs {
			late = append(late, elapsedMs-float64(begun+1)*1000/asked.perSecond)
			open.Add(1)
			pool.send(requestOf(asked, begun), func(request request, outcome outcome) {
				ledger.write(recordOf(request, outcome))
				open.Add(-1)
			})
			begun++
		}
		pool.sweep()
		if time.Since(lastFlush) > flush {
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

// Milliseconds of the clock of Node's process.hrtime: the workloads' records go by it.
func nowMs() float64 {
	var now unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_MONOTONIC, &now)
	return float64(now.Nano()) / 1e6
}

func cpuMicroseconds() int64 {
	var usage unix.Rusage
	_ = unix.Getrusage(unix.RUSAGE_SELF, &usage)
	return (usage.Utime.Nano() + usage.Stime.Nano()) / 1000
}
