//go:build !unix

package main

// ignoreFileSizeSignal has nothing to ignore here.
func ignoreFileSizeSignal() {}

// processorSeconds is not known here.
func processorSeconds() float64 { return 0 }

// peakMemory is not known here.
func peakMemory() uint64 { return 0 }
