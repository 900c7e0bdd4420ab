package datasets

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"strings"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// A Resize is how a picture of any size comes into one of a fixed size. All scale with a cubic filter (Catmull and Rom, 1974), which
// takes the mean over the source's pixels when it makes a picture smaller.
type Resize int

const (
	Crop    Resize = iota // proportions are kept; what is too long on one side is cut off on both ends
	Fit                   // proportions are kept; the whole picture, with bars of Background on two sides
	Stretch               // the whole picture; proportions are not kept
)

var resizeNames = [...]string{"crop", "fit", "stretch"}

// String returns "crop", "fit" or "stretch".
func (r Resize) String() string {
	if r < 0 || int(r) >= len(resizeNames) {
		return fmt.Sprintf("Resize(%d)", int(r))
	}
	return resizeNames[r]
}

// MarshalText implements encoding.TextMarshaler.
func (r Resize) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (r *Resize) UnmarshalText(text []byte) error {
	for i, name := range resizeNames {
		if name == string(text) {
			*r = Resize(i)
			return nil
		}
	}
	return fmt.Errorf("Resize: got %.20q, want one of %s", text, strings.Join(resizeNames[:], ", "))
}

// A Picture is the preparation of pictures for a network: from files or image.Images of any size and kind to tensors (n, Channels,
// Height, Width) of float32 from 0 to 1. StoreIn puts it into a model's file, so that PredictImage prepares pictures as in training.
type Picture struct {
	Height, Width int      // in pixels, at least 1
	Channels      int      // 1 for grey, 3 for colour, 4 for colour and opacity; 0 means 3
	Resize        Resize   // the zero value is Crop
	Background    [3]uint8 // red, green, blue behind transparent pixels, and of the bars of Fit; the zero value is black

	// MaxPixels is the largest number of pixels of a picture before it is resized; one with more is an error, found in the head of
	// the file before any memory is taken. Decoding takes up to 16 bytes for each pixel, resizing up to 32. 0 means 1<<25, 33 million.
	MaxPixels int
}

const (
	defaultChannels  = 3
	defaultMaxPixels = 1 << 25
	maxPictureBytes  = 1 << 30 // of one prepared picture
)

func (p Picture) channels() int  { return settings.Or(p.Channels, defaultChannels) }
func (p Picture) maxPixels() int { return settings.Or(p.MaxPixels, defaultMaxPixels) }

// check returns an error for the first invalid field.
func (p Picture) check() error {
	err := settings.Check(settings.Count("Height", p.Height, 1), settings.Count("Width", p.Width, 1), settings.Count("MaxPixels", p.MaxPixels, 0))
	switch {
	case err != nil:
		return err
	case p.channels() != 1 && p.channels() != 3 && p.channels() != 4:
		return fmt.Errorf("Channels: got %d, want 1, 3, 4, or 0 for 3", p.Channels)
	case p.Resize < Crop || p.Resize > Stretch:
		return fmt.Errorf("Resize: got %d, want Crop, Fit or Stretch", int(p.Resize))
	case p.Height > maxPictureBytes || p.Width > maxPictureBytes/p.Height/16:
		return fmt.Errorf("Height and Width: got %d and %d, want at most %d pixels", p.Height, p.Width, maxPictureBytes/16)
	}
	return nil
}

// Input returns the shape of a picture, for graph.Config.Input: (Channels, Height, Width).
func (p Picture) Input() []int { return []int{p.channels(), p.Height, p.Width} }

// Tensor returns pictures as a tensor (n, Channels, Height, Width).
func (p Picture) Tensor(pictures ...image.Image) (*graph.Tensor, error) {
	if err := p.check(); err != nil {
		return nil, placed("Picture", err)
	}
	if len(pictures) == 0 {
		return nil, placed("Picture", errors.New("got no pictures, want at least one"))
	}
	each := p.channels() * p.Height * p.Width
	x := make([]float32, len(pictures)*each)
	for i, m := range pictures {
		if err := p.fill(x[i*each:][:each], m); err != nil {
			return nil, placed(fmt.Sprintf("Picture: picture %d", i), err)
		}
	}
	return dense(x, append([]int{len(pictures)}, p.Input()...)...), nil
}

// pictureKey is the key of the preparation in a model's metadata.
const pictureKey = "picture"

// StoreIn puts the preparation into the model's metadata, under the key "picture" as JSON, and so into its files. The other metadata
// stay.
func (p Picture) StoreIn(m *graph.Model) error {
	err := p.check()
	if err == nil {
		var text []byte
		if text, err = json.Marshal(p); err == nil {
			err = addMetadata(m, pictureKey, string(text))
		}
	}
	return placed("Picture: StoreIn", err)
}

// StoredPicture returns the preparation that StoreIn put into a model, which may have been opened from a file.
func StoredPicture(m *graph.Model) (p Picture, err error) {
	text, ok := m.Metadata()[pictureKey]
	if !ok {
		err = fmt.Errorf("metadata: got no %q, want the preparation that Picture.StoreIn stores", pictureKey)
	} else if err = json.Unmarshal([]byte(text), &p); err == nil {
		err = p.check()
	}
	if err != nil {
		return Picture{}, placed("StoredPicture", err)
	}
	return p, nil
}

// PredictImage returns the model's output for pictures, (n, ...), prepared as Picture.StoreIn stored in the model.
func PredictImage(ctx context.Context, m *graph.Model, pictures ...image.Image) (*graph.Tensor, error) {
	p, err := StoredPicture(m)
	if err != nil {
		return nil, placed("PredictImage", err)
	}
	x, err := p.Tensor(pictures...)
	if err != nil {
		return nil, placed("PredictImage", err)
	}
	return m.Predict(ctx, x)
}
