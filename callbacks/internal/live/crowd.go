//go:build !js

package live

import (
	"net"
	"sync"
)

// A crowd is a listener with a limit on open connections: others wait.
type crowd struct {
	net.Listener
	places chan struct{} // one for each connection
	closed chan struct{}
	once   sync.Once
}

func newCrowd(l net.Listener, most int) *crowd {
	return &crowd{Listener: l, places: make(chan struct{}, most), closed: make(chan struct{})}
}

// Accept implements net.Listener.
func (c *crowd) Accept() (net.Conn, error) {
	select {
	case c.places <- struct{}{}:
	case <-c.closed:
		return nil, net.ErrClosed
	}
	conn, err := c.Listener.Accept()
	if err != nil {
		<-c.places
		return nil, err
	}
	return &place{Conn: conn, crowd: c}, nil
}

// Close implements net.Listener.
func (c *crowd) Close() error {
	c.once.Do(func() { close(c.closed) })
	return c.Listener.Close()
}

// A place is a connection that is counted.
type place struct {
	net.Conn
	crowd *crowd
	once  sync.Once
}

func (p *place) Close() error {
	err := p.Conn.Close()
	p.once.Do(func() { <-p.crowd.places })
	return err
}
