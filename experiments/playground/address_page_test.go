package main

import (
	"fmt"
	"testing"
)

// TestAddresses: a setting of an address that is not a number, or that the worker refuses, is the one at the start or before, in the
// page and in its address; others are shown, also if the control does not offer them. The end of the test finds uncaught errors.
func TestAddresses(t *testing.T) {
	b := open(t)
	for _, c := range []struct{ address, want, control, value, refused string }{
		{"#plane?rate=abc", "#plane", "rate", "0.01", ""},
		{"#plane?rate=&rivalRate=Infinity", "#plane", "rate", "0.01", ""},
		{"#plane?rate=0.02&hasOwnProperty=1", "#plane?rate=0.02", "rate", "0.02", ""},
		{"#plane?rate=1000", "#plane", "rate", "0.01", "rate: got 1000"},
		{"#plane?data=nowhere", "#plane", "data", "moons", "data: got"},
		{"#plane?batch=2.5", "#plane", "batch", "10", "2.5"},
		{"#plane?layers=8-x", "#plane", "units2", "16", ""},
		{"#plane?layers=8-4", "#plane?layers=8-4", "units2", "4", ""},
		{"#plane?own=1,2_a,b,0_0.5,0.5,1", "#plane?own=0.5%2C0.5%2C1", "rate", "0.01", ""},
		{"#draw?rate=abc", "#draw", "rate", "0.002", ""},
		{"#draw?rate=0.007", "#draw?rate=0.007", "rate", "0.007", ""},
		{"#draw?rate=5", "#draw", "rate", "0.002", "rate: got 5"},
		{"#denoise?network=deep", "#denoise", "network", "dense", "network: got"},
		{"#lessons?lesson=99", "#lessons", "", "", ""},
		{"#lessons?lesson=two", "#lessons", "", "", ""},
	} {
		b.show(c.address)
		wait := fmt.Sprintf(`location.hash === %q && document.getElementById('error').textContent.includes(%q)`, c.want, c.refused)
		if c.control != "" {
			wait += fmt.Sprintf(` && document.getElementById('hash').textContent.length === 16 && document.querySelector('[role=tabpanel]:not([hidden]) [name=%s]')?.value === %q`,
				c.control, c.value)
		}
		b.until(wait)
	}

	// A pane that is open already, with settings that were taken, goes back to them.
	b.show("#plane?rate=0.03")
	b.until(`document.getElementById('hash').textContent.length === 16`)
	eval[string](b, `location.hash = '#plane?rate=-1'`)
	b.until(`location.hash === '#plane?rate=0.03' && document.querySelector('.plane [name=rate]').value === '0.03'`)
}
