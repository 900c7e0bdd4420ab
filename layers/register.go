package layers

import "github.com/nndiy/nndiy/graph"

// Model files name these layers. Lambda is missing: it is a function, which a file cannot store.
func init() {
	for _, v := range []graph.Layer{
		AdaptiveAvgPool1D{}, AdaptiveAvgPool2D{}, AdaptiveMaxPool1D{}, AdaptiveMaxPool2D{}, Add{}, AvgPool1D{}, AvgPool2D{}, BatchNorm{}, Bidirectional{}, Bucket{}, Columns{}, Concat{}, Conv1D{}, Conv2D{}, ConvTranspose1D{},
		ConvTranspose2D{}, Crop1D{}, Crop2D{}, Dates{}, Dense{}, DepthwiseConv1D{}, DepthwiseConv2D{}, Dropout{}, ELU{}, Embedding{}, Flatten{}, GELU{}, GRU{},
		GaussianNoise{}, GlobalAvgPool{}, GlobalMaxPool{}, GroupNorm{}, HardSigmoid{}, Identity{}, Impute{}, LSTM{}, LayerNorm{},
		LeakyReLU{}, Lengths{}, LogSoftmax{}, Masking{}, MaxPool1D{}, MaxPool2D{}, Mish{}, MultiHeadAttention{}, Multiply{}, Normalize{}, OneHot{}, PReLU{}, Permute{},
		PositionalEncoding{}, RMSNorm{}, RandomColor{}, RandomCrop{}, RandomZoom{}, RandomErase{}, RandomFlip{}, RandomRotate{}, RandomShift{}, ReLU{}, Recompute{}, Rescale{},
		Resize1D{}, Resize2D{}, Reshape{}, Residual{}, SELU{}, SeparableConv1D{}, SeparableConv2D{}, Sequential{}, SiLU{}, Sigmoid{}, SimpleRNN{}, Softmax{}, Softplus{}, Softsign{},
		SpatialDropout{}, Tanh{}, Tokens{}, TransformerDecoder{}, TransformerEncoder{}, UpSample1D{}, UpSample2D{}, Vocabulary{}, ZeroPad1D{}, ZeroPad2D{},
	} {
		graph.Register("", v)
	}
	graph.Register("layers.Named", named{})
}
