package chance

import "math/bits"

// Stream is a sequence of random numbers of which any can be had without the ones before it: the n-th draw is a
// function of the stream and of n alone. There is nothing to advance and nothing to share, so that what one member
// draws does not depend on what anybody else did first. The zero Stream is as good as any other.
type Stream uint64

// Source is what a member draws for. Each has numbers of its own, so that a change in how often one purpose draws leaves
// the others as they were. The numbers of the sources are part of every simulated history: new ones go to the end.
type Source uint64

// The sources of variation.
const (
	Connections     Source = iota // how many connections a member starts with
	AccountAge                    // how old an account is at the start
	Inbound                       // which invitations a member lets in
	Spread                        // a member's own factor on the rate of sending
	Sending                       // when to send
	SittingAt                     // when a sitting starts
	SittingSize                   // how many sends make a sitting
	SittingGap                    // how far they are apart
	Target                        // to which population
	Choosing                      // to whom in it
	Note                          // whether with a note
	Email                         // whether with an e-mail address
	Kind                          // invitation of which kind
	Answering                     // what to answer
	AnswerDelay                   // how long to think about it
	Mistake                       // whether an invitation was one
	MistakeDelay                  // how long it takes to see that
	Tidying                       // when tidying begins
	Resending                     // whether to send again
	ResendDelay                   // how much later
	Removing                      // whether to remove a connection
	RemoveDelay                   // how much later
	Unblocking                    // whether to take a block back
	UnblockDelay                  // how much later
	Leaving                       // whether to close the account
	LeaveDelay                    // when
	Returning                     // whether to come back
	ReturnDelay                   // how much later
	LookingReceived               // when to read the own received invitations
	LookingSent                   // when to read the own sent invitations
	_                             // two that nobody draws for: their numbers stay taken
	_

	Reconsidering    // whether to accept after all what was ignored
	ReconsiderDelay  // how much later
	ReportingAgain   // whether to report once more
	ReportAgainDelay // how much later
	BlockingAgain    // whether to block once more after a block was taken back
	BlockAgainDelay  // how much later
)

// The increments are 2^64 divided by the golden ratio and by the square root of two, made odd. The multipliers are those
// of David Stafford's thirteenth and first variants of the MurmurHash3 finalizer.
const (
	drawStep   = 0x9e3779b97f4a7c15
	memberStep = 0xb504f333f9de6485
	mixA       = 0xbf58476d1ce4e5b9
	mixB       = 0x94d049bb133111eb
	mixC       = 0x7fb5d329728ea185
	mixD       = 0x81dadef4bc2dd44d
)

// NewStream returns the stream of a seed, a population by its name, and a source.
func NewStream(seed uint64, population string, source Source) Stream {
	s := Stream(seed).Sub(uint64(len(population)))
	for i := 0; i < len(population); i++ {
		s = s.Sub(uint64(population[i]))
	}
	return s.Sub(uint64(source))
}

// Member returns the stream of one member, given by its number within the population. No two members share one.
func (s Stream) Member(i uint32) Stream { return s.Sub(uint64(i)) }

// Sub returns the n-th of a family of streams. For one s no two of them are the same.
func (s Stream) Sub(n uint64) Stream { return s.Of(Key((n + 1) * memberStep)) }

// Key is a member as streams take it: what its draws from all of them have in common.
type Key uint64

// Population is the keys of members who are numbered one after the other.
type Population uint64

// PopulationFrom returns the keys of a population, given the number of its first member.
func PopulationFrom(first uint32) Population { return Population((1 - uint64(first)) * memberStep) }

// Key returns the key of a member, by its number.
func (p Population) Key(member uint32) Key { return Key(uint64(member)*memberStep + uint64(p)) }

// Of returns the stream of the member with a key: the one that Member returns for its number within the population.
func (s Stream) Of(k Key) Stream {
	z := uint64(s) + uint64(k)
	z = (z^z>>27)*mixC ^ bits.RotateLeft64(uint64(s), 32)
	z = (z ^ z>>33) * mixD
	return Stream(z ^ z>>31)
}

// Bits returns 64 random bits, the n-th draw of the stream. For one s no two n give the same.
func (s Stream) Bits(n uint64) uint64 {
	z := uint64(s) + n*drawStep
	// The stream goes in a second time, so that two streams whose counters run through the same sums differ all the same.
	z = (z^z>>30)*mixA ^ bits.RotateLeft64(uint64(s), 32)
	z = (z ^ z>>27) * mixB
	return z ^ z>>31
}

// Uniform returns the n-th draw of the stream as a number strictly between 0 and 1: an odd multiple of 2^-53.
func (s Stream) Uniform(n uint64) float64 { return unit(s.Bits(n)) }

// unit turns 64 random bits into a number strictly between 0 and 1: an odd multiple of 2^-53.
func unit(random uint64) float64 { return float64(float64(int64(random>>11|1)) * 0x1p-53) }

// Below turns 64 random bits into one of the numbers from 0 to n-1, all alike to within n/2^64. For n of 0 it returns 0.
func Below(random uint64, n uint32) uint32 {
	high, _ := bits.Mul64(random, uint64(n))
	return uint32(high)
}
