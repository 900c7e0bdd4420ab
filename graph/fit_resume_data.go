package graph

// A dataState is what must not change when a run is resumed, besides the network and the Config.
type dataState struct {
	Samples, BatchSize, Accumulate int // Samples is negative if the number is not known
	NoShuffle                      bool
	Valid, ValidEvery              int       // samples of the validation set, negative if not known, 0 without one; as in FitConfig
	ClassWeight                    []float64 // as in FitConfig
	Checksum                       string    // of Arrays; "" for other datasets, which are not compared
	Shards                         int
}

func (f *fitting) dataState() dataState {
	cfg := f.run.Config
	d := dataState{
		Samples: f.train.Len(), BatchSize: cfg.BatchSize, Accumulate: cfg.Accumulate, NoShuffle: cfg.NoShuffle, ValidEvery: cfg.ValidEvery,
		ClassWeight: cfg.ClassWeight, Shards: cfg.Shards,
	}
	if len(cfg.ClassWeight) == 0 {
		d.ClassWeight = nil
	}
	if cfg.Valid != nil {
		d.Valid = cfg.Valid.Len()
	}
	if a, ok := f.train.(Arrays); ok && f.checksum == "" {
		f.checksum = a.checksum()
	}
	d.Checksum = f.checksum
	return d
}

// known returns the state to compare with another one. What only one of them knows counts as equal: a data set may know its number of
// samples after the first epoch alone. A batch is at most as large as the data.
func (d dataState) known(other dataState) dataState {
	if d.Samples < 0 {
		d.Samples = other.Samples
	}
	if d.Samples >= 0 {
		d.BatchSize = min(d.BatchSize, d.Samples)
	}
	if d.Valid < 0 && other.Valid != 0 {
		d.Valid = other.Valid
	}
	return d
}
