package plane

// validation is the result of the points for validation.
type validation struct{ loss, accuracy float64 }

// curves are losses by epoch, of at most mostEpochs epochs at equal distances.
type curves struct {
	train, valid []float32
	accuracy     float64 // the last one
	every, skip  int
}

const mostEpochs = 300

// add adds the losses of an epoch. When the curves are full, every second value stays, and from then on half as many are added.
func (c *curves) add(train float64, v validation) {
	c.accuracy = v.accuracy
	if c.skip > 0 {
		c.skip--
		return
	}
	if len(c.train) == mostEpochs {
		c.every = 2*c.every + 1
		for i := range mostEpochs / 2 {
			c.train[i], c.valid[i] = c.train[2*i], c.valid[2*i]
		}
		c.train, c.valid = c.train[:mostEpochs/2], c.valid[:mostEpochs/2]
	}
	c.train, c.valid = append(c.train, float32(train)), append(c.valid, float32(v.loss))
	c.skip = c.every
}
