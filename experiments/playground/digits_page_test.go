package main

import (
	"fmt"
	"regexp"
	"strconv"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/experiments/playground/internal/ink"
	"github.com/nndiy/nndiy/experiments/playground/internal/ink/inktest"
)

// draw clears a pane's sheet and draws on it with the mouse. It returns the number of points that the page has then.
func (b *browser) draw(pane string, strokes []ink.Stroke) int {
	b.t.Helper()
	b.click(pane + " button[name=clear]")
	r := eval[[]float64](b, fmt.Sprintf(`(() => { const e = document.querySelector('%s .sheet'); e.scrollIntoView({ block: 'center' })
		const r = e.getBoundingClientRect(); return [r.left, r.top, r.width] })()`, pane))
	at := func(p ink.Point) (x, y float64) { return r[0] + p.X*r[2]/280, r[1] + p.Y*r[2]/280 }
	for _, s := range strokes {
		x, y := at(s[0])
		b.do(chromedp.MouseEvent(input.DispatchMouseEventTypeMousePressed, x, y, chromedp.ButtonLeft))
		for _, p := range s {
			x, y = at(p)
			b.do(chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, x, y, chromedp.ButtonLeft))
		}
		b.do(chromedp.MouseEvent(input.DispatchMouseEventTypeMouseReleased, x, y, chromedp.ButtonLeft))
	}
	return eval[int](b, `import('./drawing.js').then((m) => m.points())`)
}

var number = regexp.MustCompile(`-?[0-9.]+`)

// numberAfter returns the first number after a word in a text, such as that of a status line.
func numberAfter(t *testing.T, text, word string) float64 {
	t.Helper()
	at := regexp.MustCompile(regexp.QuoteMeta(word)).FindStringIndex(text)
	require.NotNil(t, at, "%q in %q", word, text)
	v, err := strconv.ParseFloat(number.FindString(text[at[1]:]), 64)
	require.NoError(t, err, text)
	return v
}

// TestDrawPage draws all ten digits, several times each, which the network reads right; then it trains one in the page.
func TestDrawPage(t *testing.T) {
	b := open(t)
	b.show("#draw")
	b.until(`document.querySelector('#pane-draw .status').textContent.includes('weights')`)
	for digit, drawings := range inktest.Digits() {
		for i, strokes := range drawings {
			n := b.draw("#pane-draw", strokes)
			b.until(fmt.Sprintf(`document.querySelector('#pane-draw .verdict').dataset.points === '%d'`, n))
			text := eval[string](b, `document.querySelector('#pane-draw .verdict').textContent`)
			assert.Contains(t, text, fmt.Sprintf("A %d, with ", digit), "drawing %d of %d", i, digit)
			sum := eval[float64](b, `[...document.querySelectorAll('#pane-draw .percent')].reduce((s, e) => s + parseFloat(e.textContent), 0)`)
			assert.InDelta(t, 100, sum, 2, "probabilities add up to 1")
		}
	}
	seen := `document.querySelector('#pane-draw [aria-label^="What the network sees: "]')`
	plain := eval[string](b, seen+`.toDataURL()`)
	b.click("#pane-draw input[name=saliency]")
	b.until(seen + `.toDataURL() !== ` + strconv.Quote(plain))
	assert.True(t, eval[bool](b, `(() => { const d = `+seen+`.getContext('2d').getImageData(0, 0, 28, 28).data
		return d.some((v, i) => i % 4 === 0 && v > d[i + 2] + 60) })()`), "orange pixels show what decides")

	// A network of the page's own: its accuracy rises, its filters change.
	filters := `document.querySelector('#pane-draw [aria-label="Filters of the first layer"]').toDataURL()`
	before := eval[string](b, filters)
	b.click("#pane-draw button[name=step]")
	b.until(`/accuracy/.test(document.querySelector('#pane-draw .status').textContent)`)
	status := `document.querySelector('#pane-draw .status').textContent`
	b.until(`document.querySelector('#pane-draw .status').textContent.includes('step 1 ')`)
	first := numberAfter(t, eval[string](b, status), "accuracy ")
	b.click("#pane-draw button[name=run]")
	b.until(`parseFloat(/accuracy ([0-9.]+)/.exec(document.querySelector('#pane-draw .status').textContent)?.[1]) > 85`)
	t.Logf("convolutions: %s", eval[string](b, status))
	assert.Less(t, first, 60., "before training")
	assert.NotEqual(t, before, eval[string](b, filters))
	b.shoot("draw")
	b.click("#pane-draw button[name=run]")

	// The dense network, whose speed is reported.
	b.choose("#pane-draw select[name=network]", "dense")
	b.until(`document.querySelector('#pane-draw .status').textContent.startsWith('101,770 weights · step 0')`)
	b.click("#pane-draw button[name=run]")
	b.until(`document.querySelector('#pane-draw .status').textContent.startsWith('101,770 weights') &&
		parseFloat(/accuracy ([0-9.]+)/.exec(document.querySelector('#pane-draw .status').textContent)?.[1]) > 88 && /steps.s/.test(document.querySelector('#pane-draw .status').textContent)`)
	t.Logf("784-128-10, batch 32: %s", eval[string](b, status))
	b.click("#pane-draw button[name=run]")
	b.until(`location.hash.includes('network=dense')`)
}

// The sheet works with the keyboard: a 1.
func TestDrawKeyboard(t *testing.T) {
	b := open(t)
	b.show("#draw")
	b.until(`document.querySelector('#pane-draw .status').textContent.includes('weights')`)
	eval[bool](b, `(() => { const e = document.querySelector('#pane-draw .sheet'); e.focus()
		const press = (key) => e.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
		press(' '); for (let i = 0; i < 8; i++) press('ArrowDown'); press(' '); return true })()`)
	b.until(`document.querySelector('#pane-draw .verdict').textContent.startsWith('A 1')`)
	eval[bool](b, `document.querySelector('#pane-draw .sheet').dispatchEvent(new KeyboardEvent('keydown', { key: 'Backspace', bubbles: true }))`)
	b.until(`document.querySelector('#pane-draw .verdict').textContent === 'Draw a digit'`)
	for _, back := range []string{"Backspace", "Delete"} { // with the pen down: it draws on
		eval[bool](b, fmt.Sprintf(`(() => { const e = document.querySelector('#pane-draw .sheet')
			for (const key of [' ', 'ArrowRight', %q, ...Array(12).fill('ArrowUp'), ...Array(8).fill('ArrowDown'), ' ']) {
				e.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })) }
			return true })()`, back))
		b.until(`document.querySelector('#pane-draw .verdict').textContent.startsWith('A 1')`)
		b.click("#pane-draw button[name=clear]")
		b.until(`document.querySelector('#pane-draw .verdict').textContent === 'Draw a digit'`)
	}
	b.click("#pane-draw button[name=test]")
	b.until(`/^A [0-9], with [0-9]+%, /.test(document.querySelector('#pane-draw .verdict').textContent)`)
}

// TestDenoisePage removes noise from what is drawn: at least 5 dB; a network that the page trains gets there, too.
func TestDenoisePage(t *testing.T) {
	b := open(t)
	b.show("#denoise")
	b.until(`document.querySelector('#pane-denoise .status').textContent.includes('weights')`)
	gain := `parseFloat(document.querySelector('#pane-denoise .verdict').dataset.gain)`
	asked := func(points int, amount string, own bool) {
		t.Helper()
		b.until(fmt.Sprintf(`document.querySelector('#pane-denoise .verdict').dataset.asked === '%d %s 1 %v'`, points, amount, own))
	}
	for _, digit := range []int{2, 5, 8} {
		n := b.draw("#pane-denoise", inktest.Digits()[digit][0])
		for _, amount := range []string{"0.2", "0.5", "0.8"} {
			b.choose("#pane-denoise input[name=amount]", amount)
			asked(n, amount, false)
			v := eval[float64](b, gain)
			t.Logf("a %d with noise %s: %.2f dB better", digit, amount, v)
			assert.GreaterOrEqual(t, v, 5.)
		}
	}
	b.choose("#pane-denoise input[name=amount]", "0.5")
	b.click("#pane-denoise button[name=run]")
	b.until(gain + ` > 5 && document.querySelector('#pane-denoise input[value=own]').checked`)
	b.until(`parseFloat(/\+([0-9.]+) dB/.exec(document.querySelector('#pane-denoise .status').textContent)?.[1]) > 6`)
	t.Logf("trained here: %s", eval[string](b, `document.querySelector('#pane-denoise .status').textContent`))
	b.shoot("denoise")
	b.click("#pane-denoise button[name=run]")
}

// TestLatentPage moves the pointer over the plane: the digit below it follows. What is drawn finds its place.
func TestLatentPage(t *testing.T) {
	b := open(t)
	b.show("#latent")
	b.until(`document.querySelector('#pane-latent .verdict').textContent.startsWith('(0.00, 0.00): ')`)
	r := eval[[]float64](b, `(() => { const r = document.querySelector('#pane-latent .plane-map').getBoundingClientRect(); return [r.left, r.top, r.width] })()`)
	picture := `document.querySelector('#pane-latent [aria-label="The digit of this point"]').toDataURL()`
	pictures := map[string]bool{}
	for i, p := range [][2]float64{{0.25, 0.25}, {0.5, 0.75}, {0.75, 0.5}, {0.6, 0.2}} {
		b.do(chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, r[0]+p[0]*r[2], r[1]+p[1]*r[2]))
		b.until(fmt.Sprintf(`document.querySelector('#pane-latent .verdict').textContent.startsWith('(%.1f')`, 6*p[0]-3))
		pictures[eval[string](b, picture)] = true
		assert.Len(t, pictures, i+1, "each place has another picture")
	}
	eval[bool](b, `document.querySelector('#pane-latent .plane-map').dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true, cancelable: true }))`)
	b.until(`document.querySelector('#pane-latent .verdict').textContent.startsWith('(0.75, ')`)
	b.draw("#pane-latent", inktest.Digits()[0][2])
	b.until(`document.querySelector('#pane-latent .verdict').dataset.digit === '0'`)
	b.shoot("latent")
	b.click("#pane-latent input[name=codes]")
	b.shoot("latent-codes")
}
