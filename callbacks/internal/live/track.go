package live

// A track is a series of messages of bounded size. When it is full, every second message goes, and from then on it keeps only
// every second of the new ones, and so on: it covers the whole run, ever more coarsely.
type track struct {
	items   [][]byte
	bytes   int
	most    int    // items
	size    int    // bytes
	stride  int    // one in stride messages is kept; 0 means 1
	skipped int    // messages since the last one that was kept
	last    []byte // the newest message, if it is not kept
}

func (t *track) add(message []byte) {
	t.last = message
	if t.skipped++; t.skipped < t.stride {
		return
	}
	t.skipped, t.last = 0, nil
	t.items = append(t.items, message)
	t.bytes += len(message)
	for len(t.items) > 1 && (len(t.items) > t.most || t.bytes > t.size) {
		t.thin()
	}
}

// thin drops every second message.
func (t *track) thin() {
	kept := make([][]byte, 0, len(t.items)/2+1)
	t.bytes = 0
	for i := 0; i < len(t.items); i += 2 {
		kept = append(kept, t.items[i])
		t.bytes += len(t.items[i])
	}
	t.items, t.stride = kept, max(1, t.stride)*2
}

// all appends the messages to a list.
func (t *track) all(list [][]byte) [][]byte {
	list = append(list, t.items...)
	if t.last != nil {
		list = append(list, t.last)
	}
	return list
}
