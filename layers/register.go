package layers

import "github.com/nndiy/nndiy/graph"

// Model files name these layers. Lambda is missing: it is a function, which a file cannot store.
func init() {
	for _, v := range []graph.Layer{
		Add{}, AvgPool1D{}, AvgPool2D{}, BatchNorm{}, Bidirectional{}, Concat{}, Conv1D{}, Conv2D{}, ConvTranspose1D{},
		ConvTranspose2D{}, Dense{}, DepthwiseConv2D{}, Dropout{}, ELU{}, Embedding{}, Flatten{}, GELU{}, GRU{},
		GaussianNoise{}, GlobalAvgPool{}, GlobalMaxPool{}, GroupNorm{}, HardSigmoid{}, Identity{}, LSTM{}, LayerNorm{},
		LeakyReLU{}, LogSoftmax{}, MaxPool1D{}, MaxPool2D{}, Mish{}, MultiHeadAttention{}, Multiply{}, PReLU{},
		PositionalEncoding{}, RMSNorm{}, RandomErase{}, RandomFlip{}, RandomRotate{}, RandomShift{}, ReLU{}, Rescale{},
		Reshape{}, Residual{}, SELU{}, SeparableConv2D{}, Sequential{}, SiLU{}, Sigmoid{}, SimpleRNN{}, Softmax{}, Softplus{}, Softsign{},
		SpatialDropout{}, Tanh{}, UpSample2D{}, ZeroPad2D{},
	} {
		graph.Register("", v)
	}
	graph.Register("layers.Named", named{})
}
