package keys

import "waymark/internal/seal"

// OnStep hears of each step of a change of the master key.
func OnStep(f func(string)) { step = f }

// CacheSize and CacheKeep are how many keys stay in memory, and how long.
const (
	CacheSize = cacheSize
	CacheKeep = cacheKeep
)

// Cached says how many keys are in memory.
func (s *Store) Cached() int {
	s.cache.mu.Lock()
	defer s.cache.mu.Unlock()
	return s.cache.newest.Len()
}

// Remember puts a key into memory, as reading it does.
func (s *Store) Remember(name string) {
	_, epoch, _ := s.cache.get(name)
	s.cache.put(name, seal.Key{}, epoch)
}

// RememberLate does so although the memory was emptied meanwhile.
func (s *Store) RememberLate(name string) {
	_, epoch, _ := s.cache.get(name)
	s.cache.empty()
	s.cache.put(name, seal.Key{}, epoch)
}
