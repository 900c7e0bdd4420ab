//go:build !js

package callbacks_test

import (
	"context"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/graph"
)

// TestLivePage trains beside a real browser: the page shows the runs, its buttons change them, it fits a phone, and it loads
// nothing from elsewhere.
func TestLivePage(t *testing.T) {
	log := filepath.Join(t.TempDir(), "before.jsonl")
	lines := `{"epoch":1,"step":10,"train_loss":0.7,"valid_loss":0.8,"learning_rate":0.1}
{"epoch":2,"step":20,"train_loss":0.6,"valid_loss":"NaN","learning_rate":0.1}
{"epoch":3,"step":30,"train_loss":0.5,"valid_loss":0.7,"learning_rate":0.1}
`
	require.NoError(t, os.WriteFile(log, []byte(lines), 0o666))
	l := &callbacks.Live{Addr: "localhost:0", Writer: io.Discard, Logs: []string{log}, Images: boundary}
	require.NoError(t, l.Listen())
	defer l.Close()
	own, err := url.Parse(l.URL())
	require.NoError(t, err)
	ctx, requests, wrong := browser(t, l.URL())
	until := func(what string) {
		t.Helper()
		require.NoError(t, chromedp.Do(ctx, chromedp.Poll[chromedp.Void](what, chromedp.WithPollingInterval(50*time.Millisecond))), what)
	}
	has := func(id, text string) string {
		return "document.getElementById('" + id + "').textContent.includes('" + text + "')"
	}
	until(has("list", "before.jsonl"))
	upload := func(text string) {
		t.Helper()
		path := filepath.Join(t.TempDir(), "own.jsonl")
		require.NoError(t, os.WriteFile(path, []byte(text), 0o666))
		require.NoError(t, chromedp.Do(ctx, chromedp.SetUploadFiles(css("#log"), []string{path})))
	}
	upload("epoch,loss\n1,2\n")
	until(has("log-answer", "line 1 is not JSON"))
	upload(lines + lines)
	until(has("log-answer", "own.jsonl: 2 runs") + " && " + has("list", "own.jsonl (2)"))

	rates := make(chan float64, 1)
	fit := func(width int) chan error {
		done := make(chan error, 1)
		m := plane(t, width)
		go func() {
			data := circles(600)
			_, err := m.Fit(context.Background(), data, graph.FitConfig{Epochs: 1e6, BatchSize: 10, Valid: data, Callbacks: []graph.Callback{l,
				graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
					if e == graph.StepBegin && r.Rate != 0.01 {
						select {
						case rates <- r.Rate:
						default:
						}
					}
					return nil
				})}})
			done <- err
		}()
		return done
	}
	done := fit(16)
	until(has("figures", "samples/s"))
	until("document.querySelectorAll('#curves path.curve').length >= 5 && document.querySelectorAll('#parameters tbody tr').length === 6")
	until("[...document.querySelectorAll('.pictures img, #network img')].filter(i => i.naturalWidth > 0).length === 2")
	typed := func(keys string) {
		t.Helper()
		const choose = "document.getElementById('rate').focus(), document.getElementById('rate').select()"
		require.NoError(t, chromedp.Do(ctx, chromedp.Evaluate[chromedp.Void](choose), chromedp.KeyEvent(keys)))
	}
	typed("-1\r")
	until(has("answer", "0 or more"))
	typed("0.25\r")
	require.Equal(t, 0.25, <-rates)
	until(has("figures", "0.25, held"))
	require.NoError(t, chromedp.Do(ctx, chromedp.Focus(css("#stop")), chromedp.SendKeys(css("#stop"), " "))) // by the keyboard
	require.NoError(t, <-done)
	until(has("list", "ended"))

	done = fit(4)
	until("document.querySelectorAll('#list li').length === 5 && " + has("now-title", "run 2"))
	until(has("figures", "samples/s"))
	until("document.querySelectorAll('#parameters svg.trend').length === 12") // after a second look at the parameters
	shoot(t, ctx)
	require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(390, 844)))
	until("document.scrollingElement.scrollWidth <= 390")
	unnamed, err := chromedp.Run(ctx, chromedp.Evaluate[int](`[...document.querySelectorAll("button, input, select, [tabindex='0']")].filter(
		e => !e.textContent.trim() && !e.labels?.length && !e.getAttribute("aria-label")).length`))
	require.NoError(t, err)
	require.Zero(t, unnamed)
	require.NoError(t, chromedp.Do(ctx, chromedp.Focus(css("#curves .plot")), chromedp.SendKeys(css("#curves .plot"), kb.ArrowLeft)))
	until("document.querySelector('#curves output').textContent.includes('run 2 step ')")

	require.NoError(t, chromedp.Do(ctx, chromedp.Click(css("#stop"))))
	require.NoError(t, <-done)
	until("document.getElementById('stop').disabled")
	require.NoError(t, l.Close())
	until(has("connection", "The program has ended"))
	for _, r := range requests() {
		u, err := url.Parse(r)
		require.NoError(t, err)
		require.True(t, u.Host == own.Host || u.Scheme == "about", r)
	}
	for _, w := range wrong() {
		if !strings.Contains(w, "net::ERR") { // the end of the server
			t.Error(w)
		}
	}
}
