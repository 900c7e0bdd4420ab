package main

import (
	"math"
	"math/rand/v2"
	"time"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/datasets"
)

// demand returns hours of demand of three places: a wave over the day, which is flatter at the weekend, one over the year, and noise
// that lasts some hours. Columns: demand, then the calendar of day and week.
func demand(hours int, seed uint64) (s datasets.Series, err error) {
	values := make([]float32, 0, 3*hours)
	for place := range 3 {
		rng := rand.New(rand.NewPCG(seed, uint64(place)))
		noise, at := 0.0, time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
		for range hours {
			wave := 0.5 * math.Sin(2*math.Pi*float64(at.Hour()-6-place)/24)
			if day := at.Weekday(); day == time.Saturday || day == time.Sunday {
				wave = 0.4*wave - 0.3
			}
			year := 0.2 * math.Cos(2*math.Pi*float64(at.YearDay())/365)
			noise = 0.9*noise + 0.05*rng.NormFloat64()
			values = append(values, float32(1+wave+year+noise))
			s.Time, s.Group = append(s.Time, at), append(s.Group, []string{"north", "middle", "south"}[place])
			at = at.Add(time.Hour)
		}
	}
	calendar, err := datasets.Calendar(s.Time, datasets.HourOfDay, datasets.DayOfWeek)
	if err == nil {
		s.Values, err = datasets.Join(tensor.New(tensor.WithShape(len(values)), tensor.WithBacking(values)), calendar)
	}
	return s, err
}
