package main

import (
	"context"
	"flag"
	"fmt"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

var (
	long        = flag.Bool("long", false, "build the page and drive it in Chromium")
	screenshots = flag.String("screenshots", "", "folder for screenshots of every pane")
)

// A browser is a Chromium that shows the page, and what went wrong in it.
type browser struct {
	t        testing.TB
	ctx      context.Context
	address  string
	mu       sync.Mutex
	requests []string
	mistakes []string
}

var building sync.Mutex
var built site

// open builds the page, serves it and opens it in Chromium. The end of the test checks that there was no error in the page, and no
// request to another host. Without Chromium the test is skipped.
func open(t testing.TB) *browser {
	t.Helper()
	if !*long {
		t.Skip("-long builds the page and drives it in Chromium")
	}
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil && path == "" {
			path = p
		}
	}
	if path == "" {
		t.Skip("there is no Chromium; apt-get install -y chromium installs it on Debian")
	}
	building.Lock()
	if built == nil {
		var err error
		built, err = build(context.Background())
		require.NoError(t, err)
	}
	building.Unlock()
	server := httptest.NewServer(built)
	t.Cleanup(server.Close)
	b := &browser{t: t, address: server.URL}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, chromedp.Headless, chromedp.DisableGPU, chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.UserDataDir(t.TempDir()))
	t.Cleanup(cancel)
	b.ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	require.NoError(t, chromedp.Listen(b.ctx, b.event))
	_, err := chromedp.Call(b.ctx, network.Enable, network.EnableParams{})
	require.NoError(t, err)
	_, err = chromedp.Call(b.ctx, cdplog.Enable, cdp.Empty{})
	require.NoError(t, err)
	b.do(chromedp.EmulateViewport(1280, 900))
	t.Cleanup(b.check)
	return b
}

// event notes requests, exceptions and what is written to the console.
func (b *browser) event(e any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := e.(type) {
	case *network.EventRequestWillBeSent:
		b.requests = append(b.requests, e.Request.URL)
	case *runtime.EventExceptionThrown:
		b.mistakes = append(b.mistakes, fmt.Sprint(e.ExceptionDetails.Text, e.ExceptionDetails.Exception))
	case *runtime.EventConsoleAPICalled:
		b.mistakes = append(b.mistakes, fmt.Sprint("console: ", e.Type))
	case *cdplog.EventEntryAdded:
		b.mistakes = append(b.mistakes, e.Entry.Text+" "+e.Entry.URL)
	}
}

// check fails the test for a mistake of the page, and for a request to another host.
func (b *browser) check() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, m := range b.mistakes {
		b.t.Errorf("in the page: %s", m)
	}
	own, _ := url.Parse(b.address)
	for _, r := range b.requests {
		if u, err := url.Parse(r); err != nil || u.Host != own.Host && u.Scheme != "data" && u.Scheme != "about" {
			b.t.Errorf("got a request for %.100s, want none to another host", r)
		}
	}
	if len(b.requests) < 5 {
		b.t.Errorf("got %d requests, want those of the page", len(b.requests))
	}
}

func (b *browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	require.NoError(b.t, chromedp.Do(b.ctx, steps...))
}

// show opens an address of the page, such as #plane, and waits until the worker has answered.
func (b *browser) show(hash string) {
	b.t.Helper()
	b.do(chromedp.Navigate("about:blank"), chromedp.Navigate(b.address+"/"+hash))
	b.until(`document.getElementById('status').textContent.startsWith('ready')`)
}

// until waits until an expression of JavaScript is true.
func (b *browser) until(expression string) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, chromedp.Poll[chromedp.Void](expression, chromedp.WithPollingInterval(50*time.Millisecond))); err != nil {
		b.t.Fatalf("%v: %s: the page shows: %s", err, expression, eval[string](b, `document.querySelector('main').innerText.slice(0, 500) + document.getElementById('error').innerText`))
	}
}

// eval returns the value of an expression of JavaScript, which may be a promise.
func eval[T any](b *browser, expression string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	require.NoError(b.t, err, expression)
	return v
}

// click clicks on the element that a selector finds.
func (b *browser) click(selector string) {
	b.t.Helper()
	b.do(chromedp.Click(chromedp.CSS(selector)))
}

// choose sets a control as a user does.
func (b *browser) choose(selector, value string) {
	b.t.Helper()
	eval[bool](b, fmt.Sprintf(`(() => { const e = document.querySelector(%q); e.value = %q
		e.dispatchEvent(new Event('input', { bubbles: true })); e.dispatchEvent(new Event('change', { bubbles: true })); return true })()`, selector, value))
}

// shoot writes screenshots, if -screenshots says where: at two widths, light and dark.
func (b *browser) shoot(name string) {
	b.t.Helper()
	if *screenshots == "" {
		return
	}
	for _, width := range []int64{1280, 390} {
		for _, scheme := range []string{"light", "dark"} {
			_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
				Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
			})
			require.NoError(b.t, err)
			b.do(chromedp.EmulateViewport(width, 900), chromedp.Sleep(time.Second))
			picture, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
			require.NoError(b.t, err)
			path := filepath.Join(*screenshots, fmt.Sprintf("%s-%d-%s.png", name, width, scheme))
			require.NoError(b.t, os.WriteFile(path, picture, 0o666))
		}
	}
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{})
	require.NoError(b.t, err)
	b.do(chromedp.EmulateViewport(1280, 900))
}

// start starts the training of the pane Plane, unless it runs.
func (b *browser) start() {
	b.t.Helper()
	eval[bool](b, `(() => { const b = document.querySelector('button[name=run]'); if (b.textContent === 'Run') b.click(); return true })()`)
}
