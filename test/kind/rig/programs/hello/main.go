// hello is the sample workload. "/" answers one line with the names of pod, node and
// cluster; with "?id=" it answers as the built-in workload does, {"id","backend"}, after
// "?delayMs=". "/stream" goes on until its client leaves. "/fetch?url=" gets that URL from
// inside the pod and passes the answer on. With LEDGER, a folder, each request that has an
// id is written down before it is answered, and the moment at which the pod is told to end.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
	"unsafe"
)

const (
	clockMonotonic = 1
	mostDelay      = 30 * time.Second
	streamEvery    = 250 * time.Millisecond
)

var (
	pod     string
	cluster = os.Getenv("CLUSTER")
	ledger  *os.File
)

// Milliseconds of the machine's monotonic clock, the one that the clients' records tell:
// every container has it from the same kernel.
func monotonicMs() float64 {
	var now syscall.Timespec
	if _, _, errno := syscall.Syscall(syscall.SYS_CLOCK_GETTIME, clockMonotonic, uintptr(unsafe.Pointer(&now)), 0); errno != 0 {
		log.Fatal(errno)
	}
	return float64(now.Nano()) / 1e6
}

// One write for one line: what a killed pod has begun is not forgotten.
func note(record map[string]any) {
	if ledger == nil {
		return
	}
	line, _ := json.Marshal(record)
	if _, err := ledger.Write(append(line, '\n')); err != nil {
		log.Print(err)
	}
}

func noteRequest(r *http.Request) (id string) {
	query := r.URL.Query()
	if id = query.Get("id"); id != "" {
		note(map[string]any{"id": id, "kind": query.Get("kind"), "backend": cluster, "beganMs": monotonicMs()})
	}
	return id
}

func hello(w http.ResponseWriter, r *http.Request) {
	id := noteRequest(r)
	io.Copy(io.Discard, r.Body)
	if id == "" {
		fmt.Fprintf(w, "hello from %s on %s in %s\n", pod, os.Getenv("NODE_NAME"), cluster)
		return
	}
	if delayMs, err := strconv.Atoi(r.URL.Query().Get("delayMs")); err == nil {
		time.Sleep(min(mostDelay, time.Duration(delayMs)*time.Millisecond))
	}
	w.Header().Set("content-type", "application/json")
	json.NewEncoder(w).Encode(map[string]string{"id": id, "backend": cluster, "pod": pod})
}

func stream(w http.ResponseWriter, r *http.Request) {
	noteRequest(r)
	w.Header().Set("content-type", "application/x-ndjson")
	every := time.NewTicker(streamEvery)
	defer every.Stop()
	for line := 1; ; line++ {
		if _, err := fmt.Fprintf(w, "{\"line\":%d,\"backend\":%q}\n", line, cluster); err != nil {
			return
		}
		http.NewResponseController(w).Flush()
		select {
		case <-r.Context().Done():
			return
		case <-every.C:
		}
	}
}

func main() {
	pod, _ = os.Hostname()
	if folder := os.Getenv("LEDGER"); folder != "" {
		var err error
		file := filepath.Join(folder, pod+".jsonl")
		if ledger, err = os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644); err != nil {
			log.Fatal(err)
		}
	}
	client := http.Client{Timeout: 3 * time.Second}
	http.HandleFunc("/", hello)
	http.HandleFunc("/stream", stream)
	http.HandleFunc("/fetch", func(w http.ResponseWriter, r *http.Request) {
		answer, err := client.Get(r.URL.Query().Get("url"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		defer answer.Body.Close()
		w.WriteHeader(answer.StatusCode)
		io.Copy(w, io.LimitReader(answer.Body, 4096))
	})

	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	server := http.Server{Addr: ":8080"}
	finished := make(chan struct{})
	go func() { // a rollout must not cut requests under way
		<-ctx.Done()
		note(map[string]any{"endedMs": monotonicMs(), "pod": pod})
		limit, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		server.Shutdown(limit)
		close(finished)
	}()
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		log.Fatal(err)
	}
	<-finished
}
