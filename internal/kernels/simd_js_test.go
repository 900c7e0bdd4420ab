//go:build !noasm

package kernels

import (
	"syscall/js"
	"testing"
)

// The tests call the module for slices of any length.
func init() { fewElements = 1 }

func TestModuleIsLoaded(t *testing.T) {
	if machine != SIMD128 {
		t.Errorf("got the form %v, want simd128", machine)
	}
}

// TestLoadSIMDFallsBack takes away what loading the module needs, one thing at a time: each must be noticed without a panic.
func TestLoadSIMDFallsBack(t *testing.T) {
	object := func(names ...any) js.Value { // pairs of a name and a value
		o := newObject()
		for i := 0; i < len(names); i += 2 {
			o.Set(names[i].(string), names[i+1])
		}
		return o
	}
	global := js.Global()
	wa, goClass := global.Get("WebAssembly"), global.Get("Go")
	for name, c := range map[string]struct {
		module string
		global js.Value
	}{
		"no Go":                {simdModule, object("WebAssembly", wa)},
		"no prototype":         {simdModule, object("WebAssembly", wa, "Go", object())},
		"no _makeFuncWrapper":  {simdModule, object("WebAssembly", wa, "Go", object("prototype", object()))},
		"another Go":           {simdModule, object("WebAssembly", wa, "Go", object("prototype", object("_makeFuncWrapper", goClass)))},
		"no WebAssembly":       {simdModule, object("Go", goClass)},
		"not a module":         {"no module", global},
		"module without names": {"\x00asm\x01\x00\x00\x00", global},
		"empty":                {"", global},
	} {
		t.Run(name, func(t *testing.T) {
			kept := simd.kernels
			defer func() { simd.kernels = kept }()
			if loadSIMD(c.module, c.global) {
				t.Error("got true, want false")
			}
		})
	}
	if !loadSIMD(simdModule, global) {
		t.Error("all of it: got false, want true")
	}
}
