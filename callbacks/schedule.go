package callbacks

import (
	"errors"
	"fmt"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// Schedule is a function that returns the learning rate of an epoch, counted from 1:
//
//	callbacks.Schedule(func(epoch int) float64 { return 0.1 / math.Sqrt(float64(epoch)) })
type Schedule func(epoch int) float64

var _ graph.Callback = Schedule(nil)

// Handle implements graph.Callback.
func (s Schedule) Handle(r *graph.Run, e graph.Event) error {
	switch {
	case s == nil:
		return errors.New("callbacks: Schedule: got nil, want a function")
	case e == graph.EpochBegin:
		r.Rate = s(r.Epoch)
		return settings.CheckIn("callbacks: Schedule", settings.AtLeast(fmt.Sprintf("the rate of epoch %d", r.Epoch), r.Rate, 0))
	}
	return nil
}
