package kernels

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// neonNames are the NEON functions that have other names than those for amd64, empty if there is none.
var neonNames = map[string]string{
	"planeSum": "", "planeSumSecond": "", "planeSpreadEven": "", "planeSpreadOdd": "", "planeProducts": "", "planeProductsSecond": "", // tapped strips and inner products do it
	"f32Strip": "strip", "f32TapStrip": "tapStrip", "f32TapRowStrip": "tapRowStrip", "f32Dot": "dotLines", "f32Peak": "peak",
	"f64Strip": "stripDouble", "f64TapStrip": "tapStripDouble", "f64TapRowStrip": "tapRowStripDouble", "f64Dot": "dotLinesDouble", "f64Peak": "peakDouble",
	"combineLines": "combineRows", "permuteFar": "gatherTaps", // NEON has a call for each row, and no tables of 32 elements
	"windowMax": "", "windowFirst": "", // the rows of a window by Max, its columns in portable Go
	"colSumPart": "colSum", "colSumStrip": "colSum",
	"transposeF32x4": "transpose4", "transposeF32x8": "transpose4", "transposeF64x4": "transpose2Double",
	"laneSumPair": "", "laneSquaresPair": "", "laneDotsPair": "", "laneRowDotsPair": "", // NEON adds one row
	"rowMoments": "", "rowDots": "", "rowSums": "", "rowDotsStrip": "", // the same
	"pieceSums": "", "pieceSquares": "", "normalizeRuns": "", "normalGradRuns": "", // NEON has a call for each piece and run
	"scaleRows": "", "scaleDotRows": "", "zeroTimes": "", // portable Go, for arm64 too: little of the time of attention
	"copyRowsAny": "",                                      // portable Go
	"copyRows24":  "", "copyRows96": "", "copyRows128": "", // rows of tiles that NEON does not have
	"depthwise3x3by11": "", "depthwise3x3by12": "", "depthwise3x3by21": "", "depthwise3x3by22": "", // AVX2 has conv_depthwise3.go
	"depthwise5x5by11": "", "depthwise5x5by12": "", "depthwise5x5by21": "", "depthwise5x5by22": "",
}

// assembly reads the assembly files and calls f for each of them. In an emulator that takes seconds, so short tests skip it.
func assembly(t *testing.T, files string, f func(file, text string)) {
	t.Helper()
	if testing.Short() {
		t.Skip("reads all assembly, which takes seconds in an emulator")
	}
	list, err := filepath.Glob(files)
	if err != nil || len(list) == 0 {
		t.Fatalf("%s: got %d files, %v", files, len(list), err)
	}
	for _, file := range list {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		f(file, string(text))
	}
}

// functionsOf returns the names of the functions in assembly files, without those of instruction sets.
func functionsOf(t *testing.T, files string) (names []string) {
	t.Helper()
	assembly(t, files, func(_, text string) {
		for _, m := range regexp.MustCompile(`(?m)^TEXT ·(\w+)`).FindAllStringSubmatch(text, -1) {
			names = append(names, regexp.MustCompile(`AVX2|AVX512|NEON`).ReplaceAllString(m[1], ""))
		}
	})
	slices.Sort(names)
	return slices.Compact(names)
}

// TestEveryFormHasNEON: each function in assembly for amd64 has one for arm64, or neonNames says what arm64 has in its place.
func TestEveryFormHasNEON(t *testing.T) {
	neon := functionsOf(t, "*_arm64.s")
	for _, name := range functionsOf(t, "*_amd64.s") {
		other, renamed := neonNames[name]
		if !renamed {
			other = name
		}
		if other != "" && !slices.Contains(neon, other) {
			t.Errorf("%s: got no function for arm64, want %sNEON", name, other)
		}
	}
}

// TestNoMaskedConstants: no instruction reads a constant in memory under a mask. If the mask is all zeros, the read does not fault, so a page
// of constants that is not in the page table stays out of it, and each read takes hundreds of cycles.
func TestNoMaskedConstants(t *testing.T) {
	masked := regexp.MustCompile(`(?m)^\t\S.*\(SB\).*, K[1-7], .*$`) // a mask is not the last operand
	assembly(t, "*_amd64.s", func(file, text string) {
		for _, line := range masked.FindAllString(text, 3) {
			t.Errorf("%s: got %q, want the constant in a register", file, line)
		}
	})
}

// TestNoSplitConstants: no instruction of AVX-512 reads a vector of 64 bytes that one constant fills. The linker aligns data to 32 bytes,
// so it could lie in two lines of cache, in some programs and not in others.
func TestNoSplitConstants(t *testing.T) {
	whole := regexp.MustCompile(`(?m)^\t[A-Z0-9]+\s.*\ball[0-9a-f]+<>\+0\(SB\).*\bZ\d+`)
	assembly(t, "*_amd64.s", func(file, text string) {
		for _, line := range whole.FindAllString(text, -1) {
			if !strings.HasPrefix(line, "\tVBROADCASTS") {
				t.Fatalf("%s: got %q, want one element that is broadcast", file, line)
			}
		}
	})
}
