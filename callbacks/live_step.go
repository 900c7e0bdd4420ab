package callbacks

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/nndiy/nndiy/callbacks/internal/live"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
	"github.com/nndiy/nndiy/internal/tensors"
)

var nan = math.NaN()

// obey does what the buttons ask, and holds the rate, as a schedule would: by the Run's Rate, which checkpoints and other ranks get.
func (l *Live) obey(r *graph.Run) {
	if l.run == nil {
		return
	}
	if o, ok := l.run.Orders(); ok {
		before := l.state
		if o.Stop != nil {
			l.state.Stop = *o.Stop
		}
		switch {
		case o.Rate != nil:
			l.state.Held, l.state.Rate = true, *o.Rate
			l.print("live: step %d: learning rate %v, before %v\n", r.Total, *o.Rate, r.Rate)
		case o.Release:
			l.state.Held, l.state.Rate = false, 0
		}
		if l.state.Stop != before.Stop {
			l.print("live: step %d: training ends after epoch %d: %v\n", r.Total, r.Epoch, l.state.Stop)
		}
	}
	if l.state.Held {
		r.Rate = l.state.Rate
	}
	if l.state != l.shown { // also after a resume
		l.shown = l.state
		var held *float64
		if l.state.Held {
			held = &l.shown.Rate
		}
		l.run.Control(l.state.Stop, held)
	}
}

// step shows a step if it is time, and what inspect has measured.
func (l *Live) step(r *graph.Run) {
	if l.run == nil {
		return
	}
	if l.list != nil {
		l.run.Layers(r.Total, l.list)
		l.list = nil
	}
	if now, due := l.clock.due(r); due {
		l.show(r, now)
	}
}

// show shows the last step.
func (l *Live) show(r *graph.Run, now time.Time) {
	speed := l.clock.speed(r, now)
	l.run.Step(live.Step{
		Step: r.Total, Epoch: progress(r), Seconds: now.Sub(l.clock.began).Seconds(), Loss: r.Loss, StepLoss: r.StepLoss, Rate: r.Rate,
		Speed: speed, Left: l.clock.left(r, now),
	})
}

// inspect measures a parameter and its gradient.
func (l *Live) inspect(name string, value, gradient *graph.Tensor) {
	start := time.Now()
	l.list = append(l.list, live.Parameter{Name: name, Size: value.Size(), Value: spreadOf(value), Gradient: spreadOf(gradient)})
	l.clock.looked(start, time.Now())
}

func spreadOf(t *graph.Tensor) live.Spread {
	if t.Dtype().Size() == 4 {
		return live.SpreadOf(tensors.Data[float32](t))
	}
	return live.SpreadOf(tensors.Data[float64](t))
}

// epoch shows the logs and the images of an epoch, and ends training if the button asks for it.
func (l *Live) epoch(r *graph.Run) error {
	l.obey(r)
	if l.run == nil {
		return nil
	}
	l.showPast(r)
	now := time.Now()
	l.last = liveEpoch{r.Epoch, r.Total, now.Sub(l.clock.began).Seconds(), r.Logs}
	if l.clock.affords(now) { // not if epochs take less than some thousandths of a second, and there are many
		l.show(r, now)
		l.showEpoch()
		l.clock.spend(now)
	}
	every := r.Epoch%settings.Or(l.ImagesEvery, 1) == 0
	if l.Images != nil && every && (l.ImagesEvery > 0 || now.Sub(l.clock.images) >= liveImages) {
		if err := l.images(r); err != nil {
			return fmt.Errorf("callbacks: Live: Images: %w", err)
		}
		l.clock.images = time.Now()
	}
	if l.state.Stop {
		return graph.Stop
	}
	return nil
}

// A liveEpoch is an epoch that has ended.
type liveEpoch struct {
	epoch, step int
	seconds     float64
	logs        graph.Logs // nil if it is shown, or there is none
}

// showEpoch shows the last epoch, unless it is shown.
func (l *Live) showEpoch() {
	if e := l.last; e.logs != nil {
		l.run.Epoch(e.epoch, e.step, e.seconds, columns(e.logs), e.logs)
		l.last.logs = nil
	}
}

// showPast shows the epochs before the checkpoint from which a run resumes, once. They are placed backwards from the step at which the last
// one ended, since the model may have been trained before the run. That step is known when the state of the checkpoint is there, which
// for one from within an epoch is after EpochBegin; and so are the steps of an epoch, for data of unknown length.
func (l *Live) showPast(r *graph.Run) {
	if l.past == 0 || l.run == nil {
		return
	}
	step := r.Total
	if r.Epoch > l.past { // within the next epoch
		step -= r.Step
	}
	for i, logs := range r.History.Logs[:l.past] {
		l.run.Epoch(i+1, step-(l.past-1-i)*r.Steps, nan, columns(logs), logs)
	}
	l.past = 0
}

func (l *Live) images(r *graph.Run) error {
	list, err := l.Images(r)
	if err != nil {
		return err
	}
	var images []live.Image
	for _, i := range list {
		if i.Tag == "" || i.Image == nil {
			return fmt.Errorf("got the tag %q and an image of type %T, want both", i.Tag, i.Image)
		}
		images = append(images, live.Image{Tag: i.Tag, Image: i.Image})
	}
	return l.run.Images(r.Epoch, images)
}

// draw shows the network. A network that cannot be drawn is shown as a table only.
func (l *Live) draw(m *graph.Model) {
	var b bytes.Buffer
	if m.WriteSVG(&b) == nil {
		l.run.Drawing(b.Bytes())
	}
}

func (l *Live) end(r *graph.Run) {
	if l.run == nil {
		return
	}
	l.showPast(r)
	l.showEpoch()
	reason := ""
	if r.Err != nil && !errors.Is(r.Err, graph.Stop) {
		reason = r.Err.Error()
	}
	l.run.End(reason)
	l.run = nil
}
