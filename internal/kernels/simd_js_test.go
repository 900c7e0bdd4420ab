//go:build !noasm

package kernels

import (
	"slices"
	"strings"
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
	// A class whose object calls the function that goMemory puts in place of its own.
	class := global.Get("Function").New("object",
		"return {prototype: new Proxy({_makeFuncWrapper() {}}, {set(to, name, f) { f.call(object, 0); to[name] = f; return true; }})}")
	other := func(goObject js.Value) js.Value { return object("WebAssembly", wa, "Go", class.Invoke(goObject)) }
	for name, c := range map[string]struct {
		module string
		global js.Value
	}{
		"no Go":                {simdModule, object("WebAssembly", wa)},
		"no prototype":         {simdModule, object("WebAssembly", wa, "Go", object())},
		"no _makeFuncWrapper":  {simdModule, object("WebAssembly", wa, "Go", object("prototype", object()))},
		"another Go":           {simdModule, object("WebAssembly", wa, "Go", object("prototype", object("_makeFuncWrapper", goClass)))},
		"no _inst":             {simdModule, other(object())},
		"no exports":           {simdModule, other(object("_inst", object()))},
		"no mem":               {simdModule, other(object("_inst", object("exports", object())))},
		"mem is no memory":     {simdModule, other(object("_inst", object("exports", object("mem", 1))))},
		"no WebAssembly":       {simdModule, object("Go", goClass)},
		"no instantiate":       {simdModule, object("Go", goClass, "WebAssembly", object())},
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
	for _, name := range append(slices.Concat(simdNames[:], names1[:], names2[:]), "MulAdd") {
		export := string(rune(len(name))) + name + "\x00"
		without := strings.ReplaceAll(simdModule, export, strings.ToUpper(export[:2])+"_"+export[3:])
		if without == simdModule { // a function that the module does not have
			continue
		}
		if loadSIMD(without, global) {
			t.Errorf("no %s: got true, want false", name)
		}
	}
	if !loadSIMD(simdModule, global) {
		t.Error("all of it: got false, want true")
	}
}
