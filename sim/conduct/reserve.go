package conduct

// Reserve takes memory for as many more events as are planned, and brings the first ones into order: then those who keep time need not
// wait for it.
func (s *Share) Reserve() {
	s.queue.Reserve(2 * s.queue.Len())
	if e, ok := s.queue.Pop(); ok {
		s.queue.Push(e)
	}
}
