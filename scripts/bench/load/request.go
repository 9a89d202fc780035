package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
)

// patienceMs as PATIENCE_MS in src-demo/load/plan.ts: an answer that takes longer than the request was to take and
// this is lost.
const patienceMs = 5000

type request struct {
	id      string
	kind    string
	bytes   []byte
	delayMs int
	sentMs  float64
}

// What became of a request; status 0: there was no whole answer, and failure says why.
type outcome struct {
	status  int
	body    string
	failure string
	endedMs float64
}

// As ClientRecord in src-demo/load/ledger.ts.
type record struct {
	ID      string  `json:"id"`
	Kind    string  `json:"kind"`
	SentMs  float64 `json:"sentMs"`
	EndedMs float64 `json:"endedMs"`
	Status  *int    `json:"status"`
	Backend *string `json:"backend"`
	Lost    *string `json:"lost"`
}

// As kindOf in src-demo/load/plan.ts, where 20 of a hundred are POSTs.
func kindOf(n int, posts int) string {
	switch place := n % 20; {
	case place%10 == 4:
		return "slow"
	case place == 2, posts == 20 && place%5 == 2:
		return "post"
	}
	return "get"
}

func requestOf(asked plan, n int) request {
	id := asked.run + "-" + strconv.Itoa(n)
	kind := kindOf(n, asked.posts)
	delayMs := asked.delayMs[kind]
	target := "/?id=" + id + "&kind=" + kind
	if delayMs > 0 {
		target += "&delayMs=" + strconv.Itoa(delayMs)
	}
	text := "GET " + target + " HTTP/1.1\r\nhost: front\r\n\r\n"
	if kind == "post" {
		body := `{"id":"` + id + `"}`
		text = fmt.Sprintf("POST %s HTTP/1.1\r\nhost: front\r\ncontent-type: application/json\r\n"+
			"content-length: %d\r\nidempotency-key: %s\r\n\r\n%s", target, len(body), id, body)
	}
	return request{id: id, kind: kind, bytes: []byte(text), delayMs: delayMs}
}

func recordOf(request request, outcome outcome) record {
	told := record{ID: request.id, Kind: request.kind, SentMs: request.sentMs, EndedMs: outcome.endedMs}
	isGood := outcome.status >= 200 && outcome.status <= 299 && strings.Contains(outcome.body, `"`+request.id+`"`)
	why := outcome.failure
	if outcome.status != 0 {
		told.Status = &outcome.status
		if !isGood {
			why = "status " + strconv.Itoa(outcome.status)
		} else if outcome.endedMs-request.sentMs > float64(request.delayMs+patienceMs) {
			why = "late"
		}
	}
	if why != "" {
		told.Lost = &why
	}
	for _, backend := range []string{"edge", "core"} {
		if strings.Contains(outcome.body, `"backend":"`+backend+`"`) {
			told.Backend = &backend
		}
	}
	return told
}

// The records, written in batches.
type ledger struct {
	mutex sync.Mutex
	file  *os.File
	lines []byte
}

func newLedger(file *os.File) *ledger { return &ledger{file: file} }

func (ledger *ledger) write(told record) {
	line, _ := json.Marshal(told)
	ledger.mutex.Lock()
	defer ledger.mutex.Unlock()
	ledger.lines = append(append(ledger.lines, line...), '\n')
}

func (ledger *ledger) flush() {
	ledger.mutex.Lock()
	defer ledger.mutex.Unlock()
	_, err := ledger.file.Write(ledger.lines)
	must(err)
	ledger.lines = ledger.lines[:0]
}
