package main

import (
	"bytes"
	"fmt"
	"os"
	"testing"
)

// TestModuleIsUpToDate compares the module with the one that package kernels embeds.
func TestModuleIsUpToDate(t *testing.T) {
	got, err := os.ReadFile("../../simd_js.wasm")
	if err != nil {
		t.Fatal(err)
	}
	if want := build(); !bytes.Equal(got, want) {
		t.Errorf("simd_js.wasm: got %d bytes that the generator does not write, want its %d; run go generate ./internal/kernels", len(got), len(want))
	}
}

// TestNumbers uses the examples of the DWARF standard, section 7.6.
func TestNumbers(t *testing.T) {
	for _, c := range []struct {
		got  []byte
		want string
	}{
		{unsigned(nil, 2), "02"},
		{unsigned(nil, 127), "7f"},
		{unsigned(nil, 128), "8001"},
		{unsigned(nil, 12857), "b964"},
		{signed(nil, 2), "02"},
		{signed(nil, -2), "7e"},
		{signed(nil, 127), "ff00"},
		{signed(nil, -127), "817f"},
		{signed(nil, 128), "8001"},
		{signed(nil, -129), "ff7e"},
	} {
		if got := fmt.Sprintf("%x", c.got); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

// TestSmallModule compares a module of one function, which adds one to its argument, with its encoding by hand.
func TestSmallModule(t *testing.T) {
	m := &module{}
	f := m.add("f", []kind{i32}, i32)
	f.emit(addInt(f.param(0).get(), number(1)))
	want := "0061736d01000000" + // magic, version
		"0106" + "01" + "60017f017f" + // types
		"0217" + "02" + "02676f036d656d020000" + "02676f05626c6f636b037f00" + // imports: go.mem, go.block
		"0302" + "01" + "00" + // functions
		"0705" + "01" + "01660000" + // exports
		"0a09" + "01" + "07" + "00" + "200041016a0b" // code
	if got := fmt.Sprintf("%x", m.bytes()); got != want {
		t.Errorf("got\n%s, want\n%s", got, want)
	}
}
