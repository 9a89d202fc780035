// A member of a cluster of two, for `npm run bench -- detect`: prints a JSON line when the other is lost or found.
// usage: memberlist NAME ADDRESS PORT PEER_ADDRESS lan|local
package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"github.com/hashicorp/memberlist"
	"golang.org/x/sys/unix"
)

type events struct{}

func say(event string) {
	var now unix.Timespec
	// The clock of Node's process.hrtime.
	_ = unix.ClockGettime(unix.CLOCK_MONOTONIC, &now)
	fmt.Printf("{\"event\":%q,\"atMs\":%.3f}\n", event, float64(now.Nano())/1e6)
}

func (events) NotifyJoin(node *memberlist.Node) {
	if node.Name != os.Args[1] {
		say("up")
	}
}

func (events) NotifyLeave(node *memberlist.Node) {
	if node.Name != os.Args[1] {
		say("down")
	}
}

func (events) NotifyUpdate(*memberlist.Node) {}

func main() {
	if len(os.Args) != 6 {
		fmt.Fprintln(os.Stderr, "usage: memberlist NAME ADDRESS PORT PEER_ADDRESS lan|local")
		os.Exit(2)
	}
	port, err := strconv.Atoi(os.Args[3])
	if err != nil {
		panic(err)
	}
	config := memberlist.DefaultLANConfig()
	if os.Args[5] == "local" {
		config = memberlist.DefaultLocalConfig()
	}
	config.Name = os.Args[1]
	config.BindAddr, config.AdvertiseAddr = os.Args[2], os.Args[2]
	config.BindPort, config.AdvertisePort = port, port
	config.Events = events{}
	config.LogOutput = io.Discard
	list, err := memberlist.Create(config)
	if err != nil {
		panic(err)
	}
	// It does not look for the dead by itself.
	peer := fmt.Sprintf("%s:%d", os.Args[4], port)
	for range time.Tick(500 * time.Millisecond) {
		if list.NumMembers() < 2 {
			_, _ = list.Join([]string{peer})
		}
	}
}
