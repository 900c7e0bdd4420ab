package layers_test

import (
	"iter"
	"testing"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings/settingstest"
	"github.com/nndiy/nndiy/layers"
)

// TestZero calls each method of the zero value of each exported struct.
func TestZero(t *testing.T) {
	settingstest.Zero(t, []any{
		&layers.AdaptiveAvgPool1D{}, &layers.AdaptiveAvgPool2D{}, &layers.AdaptiveMaxPool1D{}, &layers.AdaptiveMaxPool2D{},
		&layers.AvgPool1D{}, &layers.AvgPool2D{}, &layers.BatchNorm{}, &layers.Bidirectional{}, &layers.Bucket{}, &layers.Columns{},
		&layers.Concat{}, &layers.Conv1D{}, &layers.Conv2D{}, &layers.ConvTranspose1D{}, &layers.ConvTranspose2D{},
		&layers.Crop1D{}, &layers.Crop2D{}, &layers.Dates{}, &layers.Dense{}, &layers.DepthwiseConv1D{}, &layers.DepthwiseConv2D{},
		&layers.Dropout{}, &layers.ELU{}, &layers.Embedding{}, &layers.Flatten{}, &layers.GELU{}, &layers.GRU{},
		&layers.GaussianNoise{}, &layers.GlobalAvgPool{}, &layers.GlobalMaxPool{}, &layers.Group{}, &layers.GroupNorm{},
		&layers.HardSigmoid{}, &layers.Identity{}, &layers.Impute{}, &layers.LSTM{}, &layers.LayerNorm{}, &layers.LeakyReLU{},
		&layers.Lengths{}, &layers.LogSoftmax{}, &layers.Masking{}, &layers.MaxPool1D{}, &layers.MaxPool2D{}, &layers.Mish{},
		&layers.MultiHeadAttention{}, &layers.Normalize{}, &layers.OneHot{}, &layers.PReLU{}, &layers.Padding{}, &layers.Penalty{},
		&layers.Permute{}, &layers.PositionalEncoding{}, &layers.RMSNorm{}, &layers.RandomColor{}, &layers.RandomCrop{},
		&layers.RandomErase{}, &layers.RandomFlip{}, &layers.RandomRotate{}, &layers.RandomShift{}, &layers.RandomZoom{},
		&layers.ReLU{}, &layers.Recompute{}, &layers.Rescale{}, &layers.Reshape{}, &layers.Residual{}, &layers.Resize1D{},
		&layers.Resize2D{}, &layers.SELU{}, &layers.SeparableConv1D{}, &layers.SeparableConv2D{}, &layers.SiLU{}, &layers.Sigmoid{},
		&layers.SimpleRNN{}, &layers.Softmax{}, &layers.Softplus{}, &layers.Softsign{}, &layers.SpatialDropout{}, &layers.Tanh{},
		&layers.Tokens{}, &layers.TransformerDecoder{}, &layers.TransformerEncoder{}, &layers.UpSample1D{}, &layers.UpSample2D{},
		&layers.Vocabulary{}, &layers.ZeroPad1D{}, &layers.ZeroPad2D{},
	}, []any{&graph.Scope{}, iter.Seq2[any, error](func(func(any, error) bool) {})})
}
