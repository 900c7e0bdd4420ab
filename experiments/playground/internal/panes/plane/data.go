package plane

// Numbers of points of a set.
const (
	trainPoints = 300
	validPoints = 200
)

// data returns the points for training and those for validation.
func (s Settings) data() (train, valid [][3]float64) {
	if s.Data != own {
		all := points(trainPoints+validPoints, s.Seed, s.Noise, sets[s.Data])
		train, valid = all[:trainPoints:trainPoints], all[trainPoints:len(all):len(all)]
	}
	for i, p := range s.Own {
		if i%5 == 4 {
			valid = append(valid, p)
		} else {
			train = append(train, p)
		}
	}
	return train, valid
}
