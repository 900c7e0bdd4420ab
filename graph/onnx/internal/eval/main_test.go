package eval

import (
	"flag"
	"os"
	"testing"
)

// TestMain lets runs fill elements that they use again with NaN, except in benchmarks.
func TestMain(m *testing.M) {
	flag.Parse()
	Spoil = flag.Lookup("test.bench").Value.String() == ""
	os.Exit(m.Run())
}
