// Package latency measures how long commands take. A Recorder belongs to one worker and is told of every command; Gaps are what
// the machine itself loses, told by readings of the clock, those of workers and of a Meter beside them; Report merges both into a result. All histograms of the program have one
// geometry, so that any two of them can be merged, and merging loses nothing.
package latency
