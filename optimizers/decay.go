package optimizers

// decayOf returns the weight decay of a parameter of the given shape: none if vectors are left out and it has fewer than two
// dimensions.
func decayOf(setting float64, noVectors bool, shape []int) float64 {
	if noVectors && len(shape) < 2 {
		return 0
	}
	return setting
}
