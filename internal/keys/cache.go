package keys

import (
	"container/list"
	"sync"
	"time"

	"waymark/internal/seal"
)

// A key stays in memory while its case is worked on, and no longer: what is not there cannot be read out of a memory dump,
// and a key that another node destroyed is forgotten here too.
const (
	cacheSize = 256
	cacheKeep = 5 * time.Minute
)

// cache holds the keys used last, each for a few minutes from when it was read.
type cache struct {
	mu     sync.Mutex
	newest list.List // of *held; the one used last is in front
	byName map[string]*list.Element
	epoch  int // grows whenever the cache is emptied
}

type held struct {
	name string
	key  seal.Key
}

// get gives a key, and the epoch that put asks for.
func (c *cache) get(name string) (key seal.Key, epoch int, found bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, found := c.byName[name]
	if !found {
		return seal.Key{}, c.epoch, false
	}
	c.newest.MoveToFront(e)
	return e.Value.(*held).key, c.epoch, true
}

// put keeps a key that was read in an epoch. When the cache was emptied since, the key may be one that was destroyed.
func (c *cache) put(name string, key seal.Key, epoch int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if epoch != c.epoch || c.byName[name] != nil {
		return
	}
	if c.byName == nil {
		c.byName = map[string]*list.Element{}
	}
	e := c.newest.PushFront(&held{name, key})
	c.byName[name] = e
	if c.newest.Len() > cacheSize {
		c.remove(c.newest.Back())
	}
	time.AfterFunc(cacheKeep, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.byName[name] == e {
			c.remove(e)
		}
	})
}

func (c *cache) remove(e *list.Element) {
	c.newest.Remove(e)
	delete(c.byName, e.Value.(*held).name)
}

// empty forgets every key.
func (c *cache) empty() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.newest.Init()
	c.byName = nil
	c.epoch++
}
