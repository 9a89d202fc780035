// hello is the sample workload. "/" answers one line with the names of pod, node and
// cluster; "/fetch?url=" gets that URL from inside the pod and passes the answer on.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	pod, _ := os.Hostname()
	client := http.Client{Timeout: 3 * time.Second}
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "hello from %s on %s in %s\n", pod, os.Getenv("NODE_NAME"), os.Getenv("CLUSTER"))
	})
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
