package store

import "invitesim/model/store/region"

// slab gives out arrays of 2^class words of one region, and takes them back. Offset 0 is never given out.
type slab[T uint32 | uint64] struct {
	region region.Region[T]
	used   uint32
	free   [32]uint32 // by class: the first free array; its first word names the next
}

// allocate returns the offset of an array of 2^class words, with whatever was in them before.
func (s *slab[T]) allocate(class uint8) uint32 {
	if offset := s.free[class]; offset != 0 {
		s.free[class] = uint32(s.region.Data[offset])
		return offset
	}
	offset := max(s.used, 1)
	s.used = offset + 1<<class
	s.region.Grow(int(s.used))
	return offset
}

// release takes an array back.
func (s *slab[T]) release(offset uint32, class uint8) {
	s.region.Data[offset] = T(s.free[class])
	s.free[class] = offset
}

// at returns the array of 2^class words at an offset. It is valid until the next allocate.
func (s *slab[T]) at(offset uint32, class uint8) []T {
	return s.region.Data[offset : offset+1<<class]
}

// pool gives out single records of one region, and takes them back. Index 0 is never given out.
type pool[T any] struct {
	region region.Region[T]
	used   uint32
	free   []uint32
}

// allocate returns the index of a zero record.
func (p *pool[T]) allocate() uint32 {
	if n := len(p.free); n > 0 {
		index := p.free[n-1]
		p.free = p.free[:n-1]
		return index
	}
	p.used++
	p.region.Grow(int(p.used) + 1)
	return p.used
}

// release takes a record back.
func (p *pool[T]) release(index uint32) {
	var zero T
	p.region.Data[index] = zero
	p.free = append(p.free, index)
}

// at returns the record with an index. It is valid until the next allocate.
func (p *pool[T]) at(index uint32) *T { return &p.region.Data[index] }
