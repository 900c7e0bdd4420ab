package kernels

// pairBlock is the number of pairs that are added at a time.
const pairBlock = 512

// addPairs sets each element of dst to the sum of two neighbouring elements of src.
func addPairs[T Float](dst, src []T) {
	sameLength("addPairs", 2*len(dst), len(src))
	if !vectorCombines[T]() {
		for i := range dst {
			pair := src[2*i:][:2]
			dst[i] = pair[0] + pair[1]
		}
		return
	}
	odd := borrow[T](min(len(dst), pairBlock))
	defer giveBack(odd)
	for len(dst) > 0 {
		n := min(len(dst), pairBlock)
		takeSecond(dst[:n], src[:2*n])
		takeSecond(odd[:n], src[1:2*n])
		Add(dst[:n], dst[:n], odd[:n])
		dst, src = dst[n:], src[2*n:]
	}
}

// RepeatTwice sets dst to the elements of src, each twice.
func RepeatTwice[T Float](dst, src []T) {
	sameLength("RepeatTwice", len(dst), 2*len(src))
	if len(src) > 0 {
		putSecond(dst, src)
		putSecond(dst[1:], src)
	}
}

// takeSecond sets dst to every second element of src.
func takeSecond[T Float](dst, src []T) {
	n := vectorEverySecond(dst, src)
	dst, src = dst[n:], src[min(2*n, len(src)):]
	for i := range dst {
		dst[i] = src[2*i]
	}
}

// putSecond sets every second element of dst to the elements of src.
func putSecond[T Float](dst, src []T) {
	n := vectorToEverySecond(dst, src)
	dst, src = dst[min(2*n, len(dst)):], src[n:]
	for i, v := range src {
		dst[2*i] = v
	}
}
