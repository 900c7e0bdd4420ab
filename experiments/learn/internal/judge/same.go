package judge

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// elsewhere is the largest relative difference between a number in the README and the same number on another processor, whose
// float32 sums are rounded in another way. In a picture this fraction of the characters may differ.
const elsewhere = 0.05

// chaos is in lines whose numbers grow apart from processor to processor, since each step makes a rounding error larger.
const chaos = "~"

var (
	number = regexp.MustCompile(`[-+]?\d+(\.\d+)?(e[-+]?\d+)?`)
	timing = regexp.MustCompile(`(\d+(\.\d+)?|NaN)( GFLOP/s|% of the peak)`)
	shades = regexp.MustCompile(`^ *\|[^a-z0-9]*\|$`)
)

// same compares two outputs: words must be equal, numbers and pictures within a tolerance, and times and speeds are ignored.
func same(got, want string, tolerance float64) error {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	if len(a) != len(b) {
		return fmt.Errorf("got %d lines, want %d", len(a), len(b))
	}
	dots, other := 0, 0
	for i := range a {
		if shades.MatchString(a[i]) && shades.MatchString(b[i]) && len(a[i]) == len(b[i]) {
			for k := range a[i] {
				dots++
				if a[i][k] != b[i][k] {
					other++
				}
			}
			continue
		}
		if !sameLine(a[i], b[i], tolerance) {
			return fmt.Errorf("line %d: got %q, want %q", i+1, a[i], b[i])
		}
	}
	if float64(other) > tolerance*float64(dots) {
		return fmt.Errorf("got %d of %d characters of the pictures that differ, want at most %.0f%%", other, dots, 100*tolerance)
	}
	return nil
}

func sameLine(a, b string, tolerance float64) bool {
	a, b = timing.ReplaceAllString(a, "?$3"), timing.ReplaceAllString(b, "?$3")
	words := func(s string) string { return strings.Join(strings.Fields(number.ReplaceAllString(s, " # ")), " ") }
	if tolerance == 0 || words(a) != words(b) {
		return strings.Join(strings.Fields(a), " ") == strings.Join(strings.Fields(b), " ")
	}
	if strings.Contains(a, chaos) {
		return true
	}
	x, y := number.FindAllString(a, -1), number.FindAllString(b, -1)
	for i := range x {
		if !near(x[i], y[i], tolerance) {
			return false
		}
	}
	return true
}

// near compares two printed numbers. The last digit may always differ by one, and numbers below a millionth are rounding errors,
// which differ from processor to processor.
func near(a, b string, tolerance float64) bool {
	x, _ := strconv.ParseFloat(a, 64)
	y, _ := strconv.ParseFloat(b, 64)
	return x == y || max(math.Abs(x), math.Abs(y)) < 1e-6 ||
		math.Abs(x-y) <= 1.01*min(digit(a), digit(b))+tolerance*math.Abs(y)
}

// digit returns what the last digit of a printed number stands for: 0.01 for 3.14.
func digit(number string) float64 {
	digits, exponent, _ := strings.Cut(number, "e")
	_, decimals, _ := strings.Cut(digits, ".")
	power, _ := strconv.Atoi(exponent)
	return math.Pow(10, float64(power-len(decimals)))
}
