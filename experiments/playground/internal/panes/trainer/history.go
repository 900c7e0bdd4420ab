package trainer

// most is the number of values that a History keeps.
const most = 200

// A History has the losses of a run as at most 200 means over equally many steps.
type History struct {
	Means []float32 // each is the mean loss over Every steps
	Every int       // 0 before the first step
	sum   float64   // of the steps that are not in Means yet
	count int
}

// add adds the loss of a step. When there are too many means, pairs of them become one.
func (h *History) add(loss float64) {
	h.Every = max(h.Every, 1)
	h.sum += loss
	if h.count++; h.count < h.Every {
		return
	}
	h.Means = append(h.Means, float32(h.sum/float64(h.count)))
	h.sum, h.count = 0, 0
	if len(h.Means) < most {
		return
	}
	half := h.Means[:0]
	for i := 0; i < most; i += 2 {
		half = append(half, (h.Means[i]+h.Means[i+1])/2)
	}
	h.Means = half
	h.Every *= 2
}
