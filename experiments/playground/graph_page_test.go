package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestGraphPage drives the pane Graph: it shows the nodes of an expression and of its derivative, the rule of an operation, and steps
// forwards and backwards.
func TestGraphPage(t *testing.T) {
	b := open(t)
	b.show("#graph?expression=x*sin(x)&variables=x%3D2")
	nodes := `document.querySelectorAll('.node').length`
	b.until(nodes + ` > 5`)
	require.Equal(t, 3, eval[int](b, `document.querySelectorAll('.node.variable, .node.forward').length`))
	status := `document.querySelector('.graph .status').textContent`
	require.Contains(t, eval[string](b, status), "backward")
	detail := `document.querySelector('.detail').textContent`
	require.Contains(t, eval[string](b, detail), "0.077") // sin(2) + 2 cos(2)
	require.Contains(t, eval[string](b, detail), "∂/∂x")

	b.click("button[name=First]")
	require.Zero(t, eval[int](b, `document.querySelectorAll('.node.forward:not(.unknown), .node.backward:not(.unknown)').length`))
	b.click("button[name=Next]")
	b.until(detail + `.includes('Sin') && ` + detail + `.includes('0.9093') && ` + detail + `.includes('g · cos(a)')`)
	b.click("button[name=Next]")
	b.until(status + `.includes('step 2') && ` + status + `.includes('forward')`)
	b.click("button[name=Back]")
	b.until(status + `.includes('step 1')`)
	b.click(".node.forward[data-id='2']")
	b.until(detail + `.includes('Mul') && ` + detail + `.includes('∂/∂a = g · b')`)
	b.click("button[name=Last]")
	b.shoot("graph-short")

	b.choose("select[name=example]", "2")
	b.until(nodes + ` > 15`)
	b.shoot("graph")
	b.choose("input[name=expression]", "sin(x")
	b.until(`document.querySelector('.wrong').textContent.includes('got the end, want )')`)
	b.choose("input[name=expression]", "x^2")
	b.choose("textarea[name=variables]", "x = 3")
	b.until(`document.querySelector('.wrong').textContent === '' && ` + detail + `.includes('6')`)
}
