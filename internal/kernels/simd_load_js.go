//go:build !noasm

package kernels

import (
	"syscall/js"
	"unsafe"
)

// loadSIMD instantiates the module on the memory of this program, and reports whether it and all of its kernels are there. It needs
// wasm_exec.js of Go's distribution, of any version that keeps the names that goMemory looks for, and WebAssembly's vectors.
// Instantiation does not block the page: Go waits for it while the event loop runs. global is js.Global, except in tests.
func loadSIMD(module string, global js.Value) (ok bool) {
	defer func() {
		if recover() != nil { // a JavaScript exception, or a value of another type than expected
			ok = false
		}
	}()
	imports := newObject()
	imports.Set("mem", goMemory(global))
	imports.Set("block", int(uintptr(unsafe.Pointer(&simd.call))))
	outer := newObject()
	outer.Set("go", imports)
	bytes := js.Global().Get("Uint8Array").New(len(module))
	js.CopyBytesToJS(bytes, []byte(module))

	done := make(chan js.Value, 1)
	loaded := js.FuncOf(func(_ js.Value, result []js.Value) any {
		done <- result[0].Get("instance").Get("exports")
		return nil
	})
	defer loaded.Release()
	failed := js.FuncOf(func(js.Value, []js.Value) any {
		done <- js.Null()
		return nil
	})
	defer failed.Release()
	global.Get("WebAssembly").Call("instantiate", bytes, outer).Call("then", loaded, failed)
	exports := <-done
	return !exports.IsNull() && findKernels(exports)
}

func newObject() js.Value { return js.Global().Get("Object").New() }

// goMemory returns the memory of this program, which only the Go object of wasm_exec.js has. That object is the receiver of the
// function that makes the JavaScript side of a js.Func; so goMemory replaces the function while it makes one.
func goMemory(global js.Value) js.Value {
	const maker = "_makeFuncWrapper"
	proto := global.Get("Go").Get("prototype")
	original := proto.Get(maker)
	var instance js.Value
	spy := js.FuncOf(func(this js.Value, args []js.Value) any {
		instance = this
		return original.Call("call", this, args[0])
	})
	defer spy.Release()
	proto.Set(maker, spy)
	defer proto.Set(maker, original)
	js.FuncOf(func(js.Value, []js.Value) any { return nil }).Release()
	return instance.Get("_inst").Get("exports").Get("mem")
}

// findKernels looks all kernels up, and reports whether none is missing.
func findKernels(exports js.Value) bool {
	ok := true
	find := func(name string) js.Value {
		f := exports.Get(name)
		ok = ok && f.Type() == js.TypeFunction
		return f
	}
	for i, name := range simdNames {
		simd.kernels[i] = find(name)
	}
	for op, name := range names1 {
		simd.ops1[op] = find(name)
	}
	for op, name := range names2 {
		simd.ops2[op] = find(name)
	}
	simd.mulAdd = find("MulAdd")
	return ok
}
