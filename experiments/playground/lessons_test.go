package main

import (
	"html"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/experiments/learn"
)

// TestLessons: the page has every figure of the guide, which the lessons' tests compare with what they print, and its links stay in
// the page.
func TestLessons(t *testing.T) {
	page, err := lessons()
	require.NoError(t, err)
	var figures []string
	for _, m := range regexp.MustCompile(`(?s)<pre><code[^>]*>(.*?)</code></pre>`).FindAllSubmatch(page, -1) {
		figures = append(figures, html.UnescapeString(string(m[1])))
	}
	want := regexp.MustCompile("(?ms)^```[a-z]*\n(.*?)^```$").FindAllStringSubmatch(learn.Guide, -1)
	require.Len(t, figures, len(want))
	for i, w := range want {
		require.Equal(t, w[1], figures[i])
	}
	links := regexp.MustCompile(`href="([^"]*)"`).FindAllSubmatch(page, -1)
	require.NotEmpty(t, links)
	for _, l := range links {
		require.Regexp(t, `^#(graph|plane|draw|denoise|latent|lessons)(\?|$)`, string(l[1]))
	}
}

// TestLessonsPage drives the pane Lessons: it shows ten lessons, a button goes to one of them, and a link shows another pane.
func TestLessonsPage(t *testing.T) {
	b := open(t)
	b.show("#lessons")
	b.until(`document.querySelectorAll('.lessons h3').length === 11`)
	require.Equal(t, 10, eval[int](b, `document.querySelectorAll('.lessons nav button').length`))
	b.shoot("lessons")
	b.do(chromedp.Click(chromedp.CSS(".lessons nav li:nth-child(3) button")))
	b.until(`(() => { const y = document.querySelectorAll('.lessons h3')[2].getBoundingClientRect().y; return y > -2 && y < 200 })()`)
	require.True(t, strings.HasSuffix(eval[string](b, `location.hash`), "lesson=3"))
	b.click(".lessons a[href^='#graph']")
	b.until(`!document.getElementById('pane-graph').hidden && document.querySelector('.detail')?.textContent.includes('0.077')`)

	for _, link := range eval[[]string](b, `[...document.querySelectorAll('.lessons a')].map(a => a.getAttribute('href'))`) {
		b.show(link)
		name, settings, _ := strings.Cut(strings.TrimPrefix(link, "#"), "?")
		b.until(`!document.getElementById('pane-` + name + `').hidden`)
		b.do(chromedp.Sleep(500 * time.Millisecond)) // the pane takes the settings, and the worker answers
		require.Empty(t, eval[string](b, `document.getElementById('error').innerText`), link)
		if settings != "" {
			require.Equal(t, link, eval[string](b, `location.hash`), "the pane takes the settings as they are")
		}
	}
}
