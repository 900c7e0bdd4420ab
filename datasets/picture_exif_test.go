package datasets

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/jpeg"
	"testing"

	"github.com/stretchr/testify/require"
)

// tiff returns TIFF data with entries of a tag, a type, a count and the four bytes of a value.
func tiff(order binary.AppendByteOrder, entries ...[]byte) []byte {
	mark := "II"
	if order == binary.AppendByteOrder(binary.BigEndian) {
		mark = "MM"
	}
	b := order.AppendUint32(order.AppendUint16([]byte(mark), 42), 8)
	b = order.AppendUint16(b, uint16(len(entries)))
	for _, e := range entries {
		b = append(b, e...)
	}
	return append(b, 0, 0, 0, 0)
}

// TestOrientationTypes: the orientation may be a BYTE, a SHORT or a LONG, in either byte order; other types and numbers are none.
func TestOrientationTypes(t *testing.T) {
	const orientationTag = 0x0112
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		entry := func(tag, kind uint16, value ...byte) []byte {
			b := order.AppendUint32(order.AppendUint16(order.AppendUint16(nil, tag), kind), 1)
			return append(b, append(value, 0, 0, 0, 0)[:4]...)
		}
		short := func(v uint16) []byte { return entry(orientationTag, 3, order.AppendUint16(nil, v)...) }
		long := func(v uint32) []byte { return entry(orientationTag, 4, order.AppendUint32(nil, v)...) }
		for name, c := range map[string]struct {
			entry []byte
			want  int
		}{
			"short":          {short(6), 6},
			"long":           {long(6), 6},
			"byte":           {entry(orientationTag, 1, 6), 6},
			"largest long":   {long(8), 8},
			"long 0":         {long(0), 1},
			"long 9":         {long(9), 1},
			"long of 17 bit": {long(6<<16 + 1), 1},
			"short 9":        {short(9), 1},
			"byte 0":         {entry(orientationTag, 1), 1},
			"text":           {entry(orientationTag, 2, '6'), 1},
			"other tag":      {entry(0x0113, 4, order.AppendUint32(nil, 6)...), 1},
		} {
			t.Run(fmt.Sprint(name, order), func(t *testing.T) {
				require.Equal(t, c.want, tiffOrientation(tiff(order, entry(0x0100, 3, 1), c.entry)))
			})
		}

		// The picture itself is turned.
		var file bytes.Buffer
		require.NoError(t, jpeg.Encode(&file, image.NewGray(image.Rect(0, 0, 2, 4)), nil))
		data := append([]byte(exifHead), tiff(order, long(6))...)
		segment := append(binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(data)+2)), data...)
		require.Equal(t, 6, orientation(append(append([]byte{0xff, 0xd8}, segment...), file.Bytes()[2:]...), "jpeg"))
	}
}
