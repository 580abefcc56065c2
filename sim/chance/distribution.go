// Package chance is the randomness of the simulated people: streams keyed by who draws and what for, and
// distributions given by their quantile functions, so that one uniform number makes one draw.
package chance
