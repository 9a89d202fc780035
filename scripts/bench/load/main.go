// The load of `npm run bench -- leave` and `loss`, in Go: at 2,000 requests a second a client and workloads on Node take
// more of two cores than the front and the gate leave them.
//
//	load client: asks, and keeps the client's records
//	load workload: answers, and keeps the server's
package main

import (
	"fmt"
	"io"
	"os"

	"golang.org/x/sys/unix"
)

func main() {
	commands := map[string]func([]string){"client": client, "workload": workload}
	if len(os.Args) < 2 || commands[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: load client|workload --FLAG=VALUE...")
		os.Exit(2)
	}
	endWithParent()
	commands[os.Args[1]](os.Args[2:])
}

// It is gone with whoever started it: when its standard input ends.
func endWithParent() {
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(1)
	}()
}

// Milliseconds of the clock of Node's process.hrtime: the records of both sides go by it.
func nowMs() float64 {
	var now unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_MONOTONIC, &now)
	return float64(now.Nano()) / 1e6
}

// A ledger that only grows, whoever else writes to it.
func appending(path string) *os.File {
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	must(err)
	return file
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
