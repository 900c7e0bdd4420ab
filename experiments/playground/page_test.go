package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/heapprofiler"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// TestSize: the page's program has at most 3.5 MB in brotli.
func TestSize(t *testing.T) {
	if !*long {
		t.Skip("-long builds the page's program and compresses it, which takes minutes")
	}
	t.Parallel() // with TestHeap, which waits most of the time
	b, err := program(context.Background())
	require.NoError(t, err)
	small, err := packed(b, func(w io.Writer) io.WriteCloser { return brotli.NewWriterLevel(w, brotli.BestCompression) })
	require.NoError(t, err)
	t.Logf("the program has %d bytes, in brotli %d", len(b), len(small))
	require.LessOrEqual(t, len(small), 3_500_000)
}

// TestTabs: the keyboard reaches every pane and control, everything has a name for screen readers, and nothing is wider than a phone.
func TestTabs(t *testing.T) {
	b := open(t)
	b.show("")
	n := eval[int](b, `document.querySelectorAll('[role=tab]').length`)
	require.GreaterOrEqual(t, n, 2)
	b.do(chromedp.Focus(chromedp.CSS("[role=tab]")))
	for i := range n {
		b.until(`document.querySelectorAll('[role=tab][aria-selected=true]').length === 1 && document.querySelectorAll('[role=tabpanel]:not([hidden])').length === 1`)
		selected := eval[string](b, `document.querySelector('[role=tab][aria-selected=true]').id`)
		require.Equal(t, selected, eval[string](b, `document.activeElement.id`))
		require.Equal(t, selected, eval[string](b, `document.querySelector('[role=tabpanel]:not([hidden])').getAttribute('aria-labelledby')`))
		b.do(chromedp.Sleep(500 * time.Millisecond)) // the pane asks the worker for its first picture
		unnamed := eval[[]string](b, `[...document.querySelectorAll("button, input, select, textarea, canvas, [tabindex='0'], [role=img]")].filter(
			e => e.offsetParent && !e.textContent.trim() && !e.labels?.length && !e.getAttribute("aria-label")).map(e => e.outerHTML)`)
		require.Empty(t, unnamed, selected)
		for _, width := range []int64{390, 1280} {
			b.do(chromedp.EmulateViewport(width, 844), chromedp.Sleep(200*time.Millisecond))
			require.LessOrEqual(t, eval[int64](b, `document.scrollingElement.scrollWidth`), width, selected)
		}
		if i < n-1 {
			b.do(chromedp.KeyEvent(kb.ArrowRight))
		}
	}
	b.do(chromedp.KeyEvent(kb.ArrowRight)) // from the last to the first one
	require.Equal(t, eval[string](b, `document.querySelector('[role=tab]').id`), eval[string](b, `document.activeElement.id`))
}

// frames returns the times between n frames in ms, sorted.
func (b *browser) frames(n int) []float64 {
	times := eval[[]float64](b, fmt.Sprintf(`new Promise(done => {
		const times = []
		let last = performance.now()
		const tick = now => { times.push(now - last); last = now; times.length < %d ? requestAnimationFrame(tick) : done(times) }
		requestAnimationFrame(tick)
	})`, n))
	slices.Sort(times)
	return times
}

// TestFrames: while the worker trains, the page draws: 99 of 100 frames come within 50 ms. Where they are late before or after the
// training, too, other programs use the machine, and the test is skipped.
func TestFrames(t *testing.T) {
	b := open(t)
	b.show("#plane?epochs=1000000")
	b.until(`document.getElementById('hash').textContent.length === 16`)
	idle := b.frames(300)[297]
	b.start()
	b.do(chromedp.Sleep(3 * time.Second))
	times := b.frames(600)
	status := eval[string](b, `document.querySelector('.status').textContent`)
	b.click("button[name=run]")
	b.do(chromedp.Sleep(time.Second))
	idle = max(idle, b.frames(300)[297])
	t.Logf("%s; frames: median %.1f ms, 99%% within %.1f ms, without training within %.1f ms", status, times[300], times[594], idle)
	if idle > 35 {
		t.Skip("the machine is busy")
	}
	require.LessOrEqual(t, times[594], 50.0)
}

// TestHeap: no memory is lost in a minute of training, neither in the page nor in the worker.
func TestHeap(t *testing.T) {
	b := open(t)
	t.Parallel() // with TestSize
	b.show("#plane?epochs=1000000")
	b.until(`document.getElementById('hash').textContent.length === 16`)
	b.start()
	b.do(chromedp.Sleep(30 * time.Second)) // the curves have become as long as they can be, and the scripts are compiled
	memory := func() (page, worker float64) {
		_, err := chromedp.Call(b.ctx, heapprofiler.CollectGarbage, cdp.Empty{})
		require.NoError(t, err)
		heap, err := chromedp.Call(b.ctx, runtime.GetHeapUsage, cdp.Empty{})
		require.NoError(t, err)
		return heap.UsedSize, eval[float64](b, `import('./client.js').then(c => c.ask('', 'memory')).then(r => r.value.heap)`)
	}
	page, worker := memory()
	step := `+document.querySelector('.status').textContent.match(/step (\d+)/)[1]`
	from := eval[int](b, step)
	b.do(chromedp.Sleep(60 * time.Second))
	require.Greater(t, eval[int](b, step), from)
	pageLater, workerLater := memory()
	t.Logf("heap of the page %.2f and %.2f MB, of the worker %.2f and %.2f MB", page/1e6, pageLater/1e6, worker/1e6, workerLater/1e6)
	require.LessOrEqual(t, pageLater, page+1e6)
	require.LessOrEqual(t, workerLater, worker+1e6)
}
