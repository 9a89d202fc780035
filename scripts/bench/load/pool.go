package main

import (
	"bufio"
	"errors"
	"io"
	"net"
	"sync"
	"syscall"

	"github.com/valyala/fasthttp"
	"golang.org/x/sys/unix"
)

const (
	// HAProxy's `timeout server` is 30 s where nobody shortens it, and follows up to 6.5 s of checks.
	giveUpMs = 60_000
	// Well before a front closes it: a request that meets the close would be lost for another reason. Soon, since
	// HAProxy's connections are counted: a moment that needed many must not keep others out afterwards.
	idleMs = 2000
	// An answer of the workload is under 100 bytes.
	mostBodyBytes = 1 << 20
)

type told func(request, outcome)

// Kept HTTP/1.1 connections, one request at a time on each, as many as are needed at once. Nothing is sent twice.
type pool struct {
	front string
	mutex sync.Mutex
	// The one that was used last at the end: the others grow old and go.
	free []*line
	all  map[*line]struct{}
}

type line struct {
	pool *pool
	conn net.Conn
	// Under the pool's mutex; nil: no request is on it.
	tell    told
	request request
	sinceMs float64
	isGone  bool
}

func newPool(front string) *pool { return &pool{front: front, all: map[*line]struct{}{}} }

func (pool *pool) send(request request, tell told) {
	request.sentMs = nowMs()
	if line := pool.take(request, tell); line != nil {
		line.write()
		return
	}
	go func() {
		conn, err := net.DialTimeout("tcp", pool.front, giveUpMs*1_000_000)
		if err != nil {
			tell(request, outcome{failure: nameOf(err), endedMs: nowMs()})
			return
		}
		line := &line{pool: pool, conn: conn, tell: tell, request: request, sinceMs: nowMs()}
		pool.mutex.Lock()
		pool.all[line] = struct{}{}
		pool.mutex.Unlock()
		line.write()
		line.listen()
	}()
}

// A connection that is free, with the request on it.
func (pool *pool) take(request request, tell told) *line {
	pool.mutex.Lock()
	defer pool.mutex.Unlock()
	for len(pool.free) > 0 {
		line := pool.free[len(pool.free)-1]
		pool.free = pool.free[:len(pool.free)-1]
		if !line.isGone {
			line.tell, line.request, line.sinceMs = tell, request, nowMs()
			return line
		}
	}
	return nil
}

// Ends what was waited for long enough, and what nobody has used for a while.
func (pool *pool) sweep() {
	pool.mutex.Lock()
	var late, idle []*line
	now := nowMs()
	for line := range pool.all {
		if line.tell != nil && now-line.sinceMs > giveUpMs {
			late = append(late, line)
		}
	}
	// The ones that were used last are at the end.
	for len(pool.free) > 0 && (pool.free[0].isGone || now-pool.free[0].sinceMs > idleMs) {
		idle = append(idle, pool.free[0])
		pool.free = pool.free[1:]
	}
	pool.mutex.Unlock()
	for _, line := range late {
		line.end("timedOut")
	}
	for _, line := range idle {
		line.end("idle")
	}
}

func (line *line) write() {
	if _, err := line.conn.Write(line.request.bytes); err != nil {
		line.end(nameOf(err))
	}
}

// Reads answers until the connection ends. One that is closed while it is free is noticed here, and not used again.
func (line *line) listen() {
	reader := bufio.NewReader(line.conn)
	var response fasthttp.Response
	for {
		// By itself: what fasthttp says of a connection that ends before an answer hides why.
		_, err := reader.Peek(1)
		if err == nil {
			err = response.ReadLimitBody(reader, mostBodyBytes)
		}
		if err != nil {
			line.end(nameOf(err))
			return
		}
		if !line.answered(outcome{
			status:  response.StatusCode(),
			body:    string(response.Body()),
			endedMs: nowMs(),
		}, !response.ConnectionClose()) {
			return
		}
	}
}

// Whether the connection may be used again.
func (line *line) answered(outcome outcome, isKept bool) bool {
	line.pool.mutex.Lock()
	tell, request := line.tell, line.request
	// A front that says something unasked (408) closes behind it.
	isKept = isKept && tell != nil && !line.isGone
	line.tell, line.sinceMs = nil, nowMs()
	if isKept {
		line.pool.free = append(line.pool.free, line)
	}
	line.pool.mutex.Unlock()
	if tell != nil {
		tell(request, outcome)
	}
	if !isKept {
		line.end("closed")
	}
	return isKept
}

func (line *line) end(failure string) {
	line.pool.mutex.Lock()
	tell, request := line.tell, line.request
	line.tell, line.isGone = nil, true
	delete(line.pool.all, line)
	line.pool.mutex.Unlock()
	_ = line.conn.Close()
	if tell != nil {
		tell(request, outcome{failure: failure, endedMs: nowMs()})
	}
}

// Such as ECONNRESET.
func nameOf(err error) string {
	var code syscall.Errno
	if errors.As(err, &code) {
		return unix.ErrnoName(code)
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) {
		return "closed"
	}
	return err.Error()
}
