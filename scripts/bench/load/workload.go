package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/valyala/fasthttp"
)

const mostDelayMs = 30_000

// As ServerRecord in src-demo/load/ledger.ts.
type execution struct {
	ID      string  `json:"id"`
	Kind    string  `json:"kind"`
	Backend string  `json:"backend"`
	BeganMs float64 `json:"beganMs"`
}

// A workload with a ledger, as test/rig/ledger/workload.mjs without its faults: what it begins is on the disk before it
// answers, so that a kill -9 forgets nothing.
func workload(args []string) {
	flags := flag.NewFlagSet("workload", flag.ExitOnError)
	listen := flags.String("listen", "", "HOST:PORT")
	backend := flags.String("backend", "", "core or edge")
	path := flags.String("ledger", "", "file of what it began, a JSON line each")
	_ = flags.Parse(args)
	ledger := appending(*path)
	listener, err := net.Listen("tcp", *listen)
	must(err)
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGTERM)
	go func() {
		<-ended
		os.Exit(0)
	}()
	fmt.Println("listening")
	server := fasthttp.Server{Handler: answers(*backend, ledger)}
	must(server.Serve(listener))
}

func answers(backend string, ledger *os.File) fasthttp.RequestHandler {
	return func(request *fasthttp.RequestCtx) {
		request.SetContentType("application/json")
		if string(request.Path()) == "/health" {
			fmt.Fprintf(request, `{"backend":%q}`, backend)
			return
		}
		query := request.QueryArgs()
		id, kind := string(query.Peek("id")), string(query.Peek("kind"))
		if id != "" {
			line, _ := json.Marshal(execution{ID: id, Kind: kind, Backend: backend, BeganMs: nowMs()})
			_, err := ledger.Write(append(line, '\n'))
			must(err)
		}
		delayMs := min(mostDelayMs, max(0, query.GetUintOrZero("delayMs")))
		time.Sleep(time.Duration(delayMs) * time.Millisecond)
		fmt.Fprintf(request, `{"id":%q,"backend":%q}`, id, backend)
	}
}
