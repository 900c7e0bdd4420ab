package live

import "errors"

// Orders are what the buttons of the page ask of a run. Each nil pointer asks nothing.
type Orders struct {
	Stop    *bool    // end training after this epoch, or do not
	Rate    *float64 // hold the learning rate at this value
	Release bool     // let schedules change it again
}

var errOver = errors.New("the run has ended")

// post adds orders to those that wait; a later one replaces an earlier one.
func (r *Run) post(o Orders) error {
	r.hub.mu.Lock()
	defer r.hub.mu.Unlock()
	if r.over {
		return errOver
	}
	if o.Stop != nil {
		r.orders.Stop = o.Stop
	}
	if o.Rate != nil || o.Release {
		r.orders.Rate, r.orders.Release = o.Rate, o.Release
	}
	r.posted.Store(true)
	return nil
}

// Orders returns the orders that have come since the last call; ok is false if there are none, which costs nothing to ask.
func (r *Run) Orders() (o Orders, ok bool) {
	if !r.posted.Load() {
		return o, false
	}
	r.hub.mu.Lock()
	defer r.hub.mu.Unlock()
	o, r.orders = r.orders, Orders{}
	r.posted.Store(false)
	return o, true
}
