module github.com/nndiy/nndiy/internal/kernels/gen

go 1.25.0

require github.com/mmcloughlin/avo v0.6.0

require (
	golang.org/x/mod v0.29.0 // indirect
	golang.org/x/sync v0.17.0 // indirect
	golang.org/x/tools v0.38.0 // indirect
)

require github.com/nndiy/nndiy v0.0.0

replace github.com/nndiy/nndiy => ../../..
