package callbacks

import (
	"errors"
	"fmt"
	"image"
	"path/filepath"
	"slices"

	"github.com/nndiy/nndiy/callbacks/internal/tfevents"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
	"github.com/nndiy/nndiy/internal/tensors"
)

// TensorBoard writes event files for the program TensorBoard: every log value of each epoch under its name, and the values that
// the settings ask for. Each run adds a file to the folder, and writes the values of an epoch when it ends. Numbers are
// stored as float32. When training resumes, it continues the file of the checkpoint and removes the events written after it.
type TensorBoard struct {
	// Dir is the folder of the run, created if it does not exist. Give each run its own folder, and TensorBoard their parent.
	Dir string

	// StepEvery is the number of steps between values of step/train_loss, the mean of the epoch so far, and of
	// step/learning_rate; 0 means none. With FitConfig.ValidEvery, each validation also writes its values, as step/valid_loss
	// and so on. If GradientNorms has measured the gradients of the step, their norms are written too, as step/gradient_norm and
	// step/gradient_norm/dense1 for a layer dense1.
	StepEvery int

	// HistogramsEvery is the number of epochs between histograms of the parameters, under their names; 0 means none. They count finite
	// numbers: a state such as a mask may have others.
	HistogramsEvery int

	Images      func(r *graph.Run) ([]TaggedImage, error) // returns images at the end of an epoch; nil means none
	ImagesEvery int                                       // epochs between images; default 1

	file    *eventFile
	name    string // of the file
	size    int64  // of the file after the last event
	resumed bool   // the first event opens the file of the checkpoint
}

// A TaggedImage is an image and the name under which TensorBoard shows it.
type TaggedImage struct {
	Tag   string
	Image image.Image
}

var _ graph.Stateful = (*TensorBoard)(nil)

// Handle implements graph.Callback.
func (t *TensorBoard) Handle(r *graph.Run, e graph.Event) error {
	if r.Rank > 0 { // rank 0 of FitConfig.Group writes
		return nil
	}
	var err error
	switch e {
	case graph.TrainBegin:
		err = t.begin(r.Resumed)
	case graph.StepEnd:
		err = t.step(r)
	case graph.ValidEnd:
		err = t.valid(r)
	case graph.EpochEnd:
		err = t.epoch(r)
	case graph.TrainEnd:
		file := t.file
		t.file = nil
		err = file.close()
	}
	if err != nil {
		return fmt.Errorf("callbacks: TensorBoard: %w", err)
	}
	return nil
}

func (t *TensorBoard) begin(resumed bool) (err error) {
	t.file, t.name, t.size, t.resumed = nil, "", 0, resumed
	if t.Dir == "" {
		return errors.New("Dir: got none, want a folder")
	}
	err = settings.Check(settings.Count("StepEvery", t.StepEvery, 0), settings.Count("HistogramsEvery", t.HistogramsEvery, 0),
		settings.Count("ImagesEvery", t.ImagesEvery, 0))
	if err != nil || resumed {
		return err
	}
	return t.open()
}

// open opens a new file, or the file of the checkpoint if training has resumed.
func (t *TensorBoard) open() (err error) {
	if t.resumed {
		t.file, err = continueEventFile(t.Dir, t.name, t.size)
	} else {
		t.file, err = newEventFile(t.Dir)
	}
	if err == nil {
		t.name = filepath.Base(t.file.Name())
		t.size, err = t.file.size()
	}
	return err
}

// write writes the values of a step.
func (t *TensorBoard) write(step int, values ...tfevents.Value) error {
	if t.file == nil {
		if err := t.open(); err != nil {
			return err
		}
	}
	err := t.file.events.Write(int64(step), values...)
	if err == nil {
		t.size, err = t.file.size()
	}
	return err
}

// State implements graph.Stateful.
func (t *TensorBoard) State() graph.Saved { return graph.Saved{"file": &t.name, "size": &t.size} }

// step writes the values of a step, if StepEvery asks for them.
func (t *TensorBoard) step(r *graph.Run) error {
	if t.StepEvery == 0 || r.Total%t.StepEvery != 0 {
		return nil
	}
	values := []tfevents.Value{tfevents.Scalar("step/train_loss", r.Loss), tfevents.Scalar("step/"+rateName, r.Rate)}
	norms := gradientNorms(r.GradientNorms, false)
	for _, name := range norms.Names() {
		values = append(values, tfevents.Scalar("step/"+name, norms[name]))
	}
	return t.write(r.Total, values...)
}

// valid writes the values of a validation, if there are some within epochs.
func (t *TensorBoard) valid(r *graph.Run) error {
	if r.Config.ValidEvery == 0 {
		return nil
	}
	var values []tfevents.Value
	for _, name := range r.ValidLogs.Names() {
		values = append(values, tfevents.Scalar("step/"+name, r.ValidLogs[name]))
	}
	return t.write(r.Total, values...)
}

// epoch writes the values, histograms and images of an epoch.
func (t *TensorBoard) epoch(r *graph.Run) error {
	var values []tfevents.Value
	for _, name := range columns(r.Logs) {
		values = append(values, tfevents.Scalar(name, r.Logs[name]))
	}
	if t.HistogramsEvery > 0 && r.Epoch%t.HistogramsEvery == 0 {
		list, err := histograms(r.Model.Weights())
		if err != nil {
			return err
		}
		values = append(values, list...)
	}
	if t.Images != nil && r.Epoch%settings.Or(t.ImagesEvery, 1) == 0 {
		list, err := t.images(r)
		if err != nil {
			return err
		}
		values = append(values, list...)
	}
	return t.write(r.Epoch, values...)
}

func (t *TensorBoard) images(r *graph.Run) (values []tfevents.Value, err error) {
	list, err := t.Images(r)
	if err != nil {
		return nil, fmt.Errorf("Images: %w", err)
	}
	for _, i := range list {
		if i.Tag == "" || i.Image == nil {
			return nil, fmt.Errorf("Images: got the tag %q and an image of type %T, want both", i.Tag, i.Image)
		}
		v, err := tfevents.Image(i.Tag, i.Image)
		if err != nil {
			return nil, err
		}
		values = append(values, v)
	}
	return values, nil
}

// histograms returns a histogram of each parameter that has a finite number.
func histograms(weights graph.Weights) (values []tfevents.Value, err error) {
	for _, name := range weights.Names() {
		list, err := tensors.Float64s(weights[name])
		if err != nil {
			return nil, fmt.Errorf("parameter %s: %w", name, err)
		}
		list = slices.DeleteFunc(list, func(v float64) bool { return v-v != 0 })
		if len(list) == 0 {
			continue
		}
		v, err := tfevents.Histogram(name, list)
		if err != nil {
			return nil, err
		}
		values = append(values, v)
	}
	return values, nil
}
