package kernels

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// TestBatchSums compares the sums over a batch with plain ones, and wants the same bits for any number of workers.
func TestBatchSums(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		testBatchSums[float32](t, 2e-6)
		testBatchSums[float64](t, 1e-13) // the plain sums round as well
	})
}

func testBatchSums[T Float](t *testing.T, tolerance float64) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, s := range [][3]int{{2, 1, 2}, {3, 4, 7}, {8, 3, 49}, {9, 5, 64}, {21, 2, 1500}, {64, 40, 200}, {2, 3, 50000}} {
		outer, groups, inner := s[0], s[1], s[2]
		n, count := outer*groups*inner, float64(outer*inner)
		x, d, mean := randomSlice[T](rng, n), randomSlice[T](rng, n), randomSlice[T](rng, groups)
		for i := range x { // means that differ from group to group, and one sample far from the others
			x[i] += T(i / inner % groups * 10)
			if i/inner/groups == 1 {
				x[i] += 100
			}
		}
		group := func(i int) int { return i / inner % groups }
		means, want, size := make([]float64, groups), [4][]float64{}, [4][]float64{}
		for i, v := range x {
			means[group(i)] += float64(v) / count
		}
		for k := range want {
			want[k], size[k] = make([]float64, groups), make([]float64, groups)
		}
		for i, v := range x {
			off := float64(v) - means[group(i)]
			for k, v := range []float64{float64(v) / count, off * off / count, float64(d[i]), float64(d[i]) * (float64(v) - float64(mean[group(i)]))} {
				want[k][group(i)] += v
				size[k][group(i)] += math.Abs(v)
			}
		}
		var first [4][]T
		for _, p := range pools(t) {
			var got [4][]T
			for k := range got {
				got[k] = make([]T, groups)
			}
			BatchMoments(p, got[0], got[1], x, outer, groups, inner)
			BatchDots(p, got[2], got[3], d, x, mean, outer, groups, inner)
			for k, name := range []string{"mean", "variance", "sum", "dot"} {
				if first[k] == nil {
					first[k] = got[k]
					for g, v := range got[k] {
						if e := math.Abs(float64(v) - want[k][g]); !(e <= tolerance*size[k][g]) {
							t.Errorf("%s of %v: group %d: got %v, want %v", name, s, g, v, want[k][g])
						}
					}
				}
				sameBits(t, fmt.Sprintf("%s of %v, %d workers", name, s, p.Workers()), got[k], first[k])
			}
		}
	}
}

// TestBatchMomentsNotFinite: an infinity or NaN is in the statistics of its group, and of no other one.
func TestBatchMomentsNotFinite(t *testing.T) {
	const outer, groups, inner = 9, 3, 20
	for _, bad := range []float32{nan[float32](), float32(math.Inf(1))} {
		x, mean, variance := make([]float32, outer*groups*inner), make([]float32, groups), make([]float32, groups)
		x[4*groups*inner+inner+5] = bad
		BatchMoments(nil, mean, variance, x, outer, groups, inner)
		for g := range groups {
			m, v := float64(mean[g]), float64(variance[g])
			if g != 1 && (m != 0 || v != 0) || g == 1 && (m == m && !math.IsInf(m, 1) || v == v) {
				t.Errorf("%v in group 1: group %d: got mean %v, variance %v", bad, g, m, v)
			}
		}
	}
}
