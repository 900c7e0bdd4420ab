package judge

import "testing"

func TestSame(t *testing.T) {
	for _, row := range []struct {
		name, a, b string
		tolerance  float64
		equal      bool
	}{
		{"equal", "loss 0.123\n", "loss 0.123\n", 0, true},
		{"other number, exact", "loss 0.123\n", "loss 0.124\n", 0, false},
		{"last digit", "loss 0.123\n", "loss 0.124\n", 0.01, true},
		{"near", "loss 10.0\n", "loss 10.4\n", 0.05, true},
		{"far", "loss 10.0\n", "loss 11.0\n", 0.05, false},
		{"wider column", "loss  9.99\n", "loss 10.01\n", 0.05, true},
		{"another word", "loss 0.123\n", "gain 0.123\n", 0.05, false},
		{"another sign", "loss 0.123\n", "loss -0.123\n", 0.05, false},
		{"a line more", "loss 1\n", "loss 1\nloss 1\n", 0.05, false},
		{"NaN for a number", "loss NaN\n", "loss 1\n", 0.05, false},
		{"rounding errors", "error 2.1e-10\n", "error 0.0e+00\n", 0.05, true},
		{"an error that is no rounding error", "error 2.1e-04\n", "error 0.0e+00\n", 0.05, false},
		{"speeds", "12.5 GFLOP/s 3.1% of the peak equal: true\n", "NaN GFLOP/s 99.0% of the peak equal: true\n", 0, true},
		{"beside a speed", "12.5 GFLOP/s equal: true\n", "12.5 GFLOP/s equal: false\n", 0.05, false},
		{"chaos", "rate too large ~ 3.5\n", "rate too large ~ 7.1\n", 0.05, true},
		{"chaos, exact", "rate too large ~ 3.5\n", "rate too large ~ 7.1\n", 0, false},
		{"pictures, exact", "|.:-=+*#%@ .:-=+*#%@ |  |.|\n", "|.:-=+*#%@ .:-=+*#%@.|  |.|\n", 0, false},
		{"pictures, a character", "|.:-=+*#%@ .:-=+*#%@ |  |.|\n", "|.:-=+*#%@ .:-=+*#%@.|  |.|\n", 0.05, true},
		{"other pictures", "|.:-=|\n", "|=-:.|\n", 0.05, false},
		{"wider pictures", "|....|\n", "|.....|\n", 0.05, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			if err := same(row.a, row.b, row.tolerance); (err == nil) != row.equal {
				t.Errorf("%q and %q: got %v, want equal: %v", row.a, row.b, err, row.equal)
			}
		})
	}
}

func TestBlock(t *testing.T) {
	page := "text\n```text\n$ go run ./experiments/learn/01-one\n1\n2\n```\nmore\n"
	if from, to, err := block(page, "01-one"); err != nil || page[from:to] != "1\n2\n" {
		t.Errorf("got %d to %d, %v, want the two lines", from, to, err)
	}
	for _, bad := range []string{"", page[:50], "$ go run ./experiments/learn/01-one-more\n```\n"} {
		if _, _, err := block(bad, "01-one"); err == nil {
			t.Errorf("%q: got no error", bad)
		}
	}
}
