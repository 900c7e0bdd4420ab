package kernels

// FromBytes sets dst to the bytes of src, as numbers from 0 to 255.
func FromBytes[T Float](dst []T, src []uint8) {
	sameLength("FromBytes", len(dst), len(src))
	done := 0
	if isa != Generic && single[T]() {
		done = vectorFromBytes(any(dst).([]float32), src)
	}
	src, dst = src[done:], dst[done:][:len(src)-done]
	for i, b := range src {
		dst[i] = T(b)
	}
}
