package onnx_test

import (
	"flag"
	"os"
	"testing"

	"github.com/nndiy/nndiy/graph/onnx/internal/eval"
)

// TestMain lets a Runner fill elements that it uses again with NaN, except in benchmarks.
func TestMain(m *testing.M) {
	flag.Parse()
	eval.Spoil = flag.Lookup("test.bench").Value.String() == ""
	os.Exit(m.Run())
}
