// Package latency measures how long commands take: one geometry of histograms for the whole program.
package latency
