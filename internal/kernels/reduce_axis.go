package kernels

import "fmt"

// shortRow is the longest row for which calling Sum takes longer than adding up. It fills at most half of the lanes.
const shortRow = sumLanes / 2

// foldShort is fold for lanes whose second half is 0.
func foldShort(l *[sumLanes]float64) float64 {
	return (l[0] + l[4] + (l[2] + l[6])) + (l[1] + l[5] + (l[3] + l[7]))
}

// sumCols is the number of columns that ColSum adds up together.
const sumCols = 32

// checkMatrix panics unless n elements hold a rows × cols matrix of the given stride.
func checkMatrix(kernel string, n, rows, cols, stride int) {
	if rows < 0 || cols < 0 || rows > 1 && stride < cols || rows > 0 && cols > 0 && (rows-1)*stride+cols > n {
		panic(fmt.Sprintf("kernels: %s: got %d elements, want a %d × %d matrix of stride %d", kernel, n, rows, cols, stride))
	}
}

// ColSum sets dst[j] = Σᵢ x[i·stride+j], added up in double precision from the first row to the last.
func ColSum[T Float](dst, x []T, rows, cols, stride int) { colSum(dst, x, rows, cols, stride, false) }

// ColSumAdd adds the sums of ColSum to dst.
func ColSumAdd[T Float](dst, x []T, rows, cols, stride int) {
	colSum(dst, x, rows, cols, stride, true)
}

func colSum[T Float](dst, x []T, rows, cols, stride int, accumulate bool) {
	sameLength("ColSum", len(dst), cols)
	checkMatrix("ColSum", len(x), rows, cols, stride)
	for j := 0; j < cols; j += sumCols {
		var lane [sumCols]float64
		width := min(sumCols, cols-j)
		addLanes(&lane, x, rows, width, stride, j)
		for k, s := range lane[:width] {
			if accumulate {
				s += float64(dst[j+k])
			}
			dst[j+k] = T(s)
		}
	}
}

// addLanes adds width columns of x, from j on, to the lanes.
func addLanes[T Float](lane *[sumCols]float64, x []T, rows, width, stride, j int) {
	if vectorised[T](rows*width) && rows > 0 {
		vectorColSum(lane, pointer(x[j:]), rows, width, stride)
	} else {
		addColumns(lane, x, rows, width, stride, j)
	}
}

// addColumns is addLanes in plain Go.
func addColumns[T Float](lane *[sumCols]float64, x []T, rows, width, stride, j int) {
	for i := range rows {
		for k, v := range x[i*stride+j:][:width] {
			lane[k] += float64(v)
		}
	}
}

// RowSum sets dst[i] = Σⱼ x[i·stride+j].
func RowSum[T Float](dst, x []T, rows, cols, stride int) {
	sameLength("RowSum", len(dst), rows)
	checkMatrix("RowSum", len(x), rows, cols, stride)
	switch {
	case cols == 2 && stride == 2: // rounding the sum of two numbers gives the same in both precisions
		addPairs(dst, x[:2*len(dst)])
		return
	case cols == 2:
		for i := range dst {
			pair := x[i*stride:][:2]
			dst[i] = pair[0] + pair[1]
		}
		return
	case cols <= shortRow:
		for i := range dst {
			var lane [sumLanes]float64
			for k, v := range x[i*stride:][:cols] {
				lane[k] += float64(v)
			}
			dst[i] = T(foldShort(&lane))
		}
		return
	}
	for i := range dst {
		dst[i] = Sum(x[i*stride:][:cols])
	}
}
