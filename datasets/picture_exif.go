package datasets

import (
	"bytes"
	"encoding/binary"
	"iter"
)

// orientation returns the EXIF orientation of a picture, 1 if the file has none.
func orientation(data []byte, format string) int {
	switch format {
	case "jpeg":
		return tiffOrientation(jpegExif(data))
	case "png":
		return tiffOrientation(pngExif(data))
	case "webp":
		for name, b := range riffChunks(data) {
			if name == "EXIF" {
				return tiffOrientation(b)
			}
		}
	}
	return 1
}

// exifHead is in front of EXIF data in JPEG.
const exifHead = "Exif\x00\x00"

// jpegExif returns the EXIF data of a JPEG file, which is in a segment before the pixels.
func jpegExif(data []byte) []byte {
	for at := 2; at+4 <= len(data) && data[at] == 0xff; {
		marker := data[at+1]
		if marker == 0xff { // a fill byte
			at++
			continue
		}
		if marker == 0xda || marker == 0xd9 { // the pixels, or the end
			return nil
		}
		size := int(binary.BigEndian.Uint16(data[at+2:]))
		if size < 2 || at+2+size > len(data) {
			return nil
		}
		segment := data[at+4 : at+2+size]
		if marker == 0xe1 && bytes.HasPrefix(segment, []byte(exifHead)) {
			return segment
		}
		at += 2 + size
	}
	return nil
}

// pngExif returns the contents of the chunk eXIf.
func pngExif(data []byte) []byte {
	for at := 8; at+12 <= len(data); {
		size := int64(binary.BigEndian.Uint32(data[at:]))
		if int64(at)+12+size > int64(len(data)) {
			return nil
		}
		if string(data[at+4:at+8]) == "eXIf" {
			return data[at+8 : at+8+int(size)]
		}
		at += 12 + int(size)
	}
	return nil
}

// riffChunks returns the names and contents of the chunks of a WebP file.
func riffChunks(data []byte) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		for at := 12; at+8 <= len(data); {
			size := int64(binary.LittleEndian.Uint32(data[at+4:]))
			end := min(int64(at)+8+size, int64(len(data)))
			if !yield(string(data[at:at+4]), data[at+8:end]) {
				return
			}
			at = int(end + size&1)
		}
	}
}

// tiffOrientation returns the tag Orientation (0x0112) in the first directory of TIFF data, 1 if there is none.
func tiffOrientation(b []byte) int {
	b = bytes.TrimPrefix(b, []byte(exifHead))
	if len(b) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.LittleEndian
	switch string(b[:4]) {
	case "II*\x00":
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return 1
	}
	at := int64(order.Uint32(b[4:]))
	if at+2 > int64(len(b)) {
		return 1
	}
	count := int(order.Uint16(b[at:]))
	for b = b[at+2:]; count > 0 && len(b) >= 12; count, b = count-1, b[12:] {
		const tag = 0x0112
		if order.Uint16(b) != tag {
			continue
		}
		v := uint32(0)
		switch order.Uint16(b[2:]) { // "readers should accept BYTE, SHORT, or LONG values for any unsigned integer field" (TIFF 6.0, section 2)
		case 1:
			v = uint32(b[8])
		case 3:
			v = uint32(order.Uint16(b[8:]))
		case 4:
			v = order.Uint32(b[8:])
		default:
			continue
		}
		if v >= 1 && v <= 8 {
			return int(v)
		}
		return 1
	}
	return 1
}
