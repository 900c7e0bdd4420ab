//go:build js && wasm

// Command worker is the playground's program for WebAssembly. It runs in a Web Worker: it answers the page's messages and trains
// in between, for at most 50 ms at a time.
//
// A message is {id, pane, op, args}: a pane's name, what it has to do, and its arguments as JSON. The answer is {id, value, arrays}
// with value as JSON and arrays as an object of Float32Arrays, or {id, error}. Errors of training have the id 0 and the pane's name.
package main

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"
	"syscall/js"
	"time"
	"unsafe"

	"github.com/nndiy/nndiy/experiments/playground/internal/panes"
)

// slice is how long a pane trains before messages have their turn.
const slice = 50 * time.Millisecond

// A message is one of the page.
type message struct {
	id       int
	pane, op string
	args     string
}

func main() {
	debug.SetGCPercent(200)
	inbox := make(chan message, 1000)
	js.Global().Set("onmessage", js.FuncOf(func(_ js.Value, args []js.Value) any {
		d := args[0].Get("data")
		inbox <- message{d.Get("id").Int(), d.Get("pane").String(), d.Get("op").String(), d.Get("args").String()}
		return nil
	}))
	post(map[string]any{"id": 0, "ready": true})
	turn, all := newTurn(), newPanes()
	running := false
	for {
		if !running {
			answer(all, <-inbox)
		}
		for len(inbox) > 0 {
			answer(all, <-inbox)
		}
		running = train(all)
		if running {
			turn.yield()
		}
	}
}

// train lets every pane train for its part of a slice, and reports whether one does.
func train(all map[string]panes.Pane) (running bool) {
	until := time.Now().Add(slice)
	for name, p := range all {
		more, err := p.Step(until)
		if err != nil {
			post(map[string]any{"id": 0, "pane": name, "error": err.Error()})
		}
		running = running || more
	}
	return running
}

// answer lets a pane answer a message, and posts the answer.
func answer(all map[string]panes.Pane, m message) {
	reply, err := handle(all, m)
	var value []byte
	if err == nil {
		value, err = json.Marshal(reply.Value)
	}
	if err != nil {
		post(map[string]any{"id": m.id, "error": err.Error()})
		return
	}
	arrays := map[string]any{}
	buffers := []any{}
	for name, x := range reply.Arrays {
		a := js.Global().Get("Float32Array").New(len(x))
		if len(x) > 0 {
			bytes := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(x))), 4*len(x))
			js.CopyBytesToJS(js.Global().Get("Uint8Array").New(a.Get("buffer")), bytes)
		}
		arrays[name] = a
		buffers = append(buffers, a.Get("buffer"))
	}
	js.Global().Call("postMessage", map[string]any{"id": m.id, "value": string(value), "arrays": arrays}, buffers)
}

func handle(all map[string]panes.Pane, m message) (panes.Reply, error) {
	if m.pane == "" && m.op == "memory" { // for tests
		var s runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&s)
		return panes.Reply{Value: map[string]uint64{"heap": s.HeapAlloc, "sys": s.Sys}}, nil
	}
	p, ok := all[m.pane]
	if !ok {
		return panes.Reply{}, fmt.Errorf("got the pane %q, which does not exist", m.pane)
	}
	return p.Handle(m.op, json.RawMessage(m.args))
}

func post(m map[string]any) { js.Global().Call("postMessage", m) }

// A turn lets the worker's event loop run. A MessageChannel does so at once, where a timer waits for some milliseconds.
type turn struct {
	port js.Value
	wake chan struct{}
}

func newTurn() *turn {
	channel := js.Global().Get("MessageChannel").New()
	t := &turn{channel.Get("port2"), make(chan struct{}, 1)}
	channel.Get("port1").Set("onmessage", js.FuncOf(func(js.Value, []js.Value) any {
		t.wake <- struct{}{}
		return nil
	}))
	return t
}

// yield returns when the events that were waiting have been handled.
func (t *turn) yield() {
	t.port.Call("postMessage", nil)
	<-t.wake
}
