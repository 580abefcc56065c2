// Package conduct is what people do, event by event, whatever the clock: it lets the events of some members happen, gives the
// commands that follow to a Desk, and plans what comes of the answers. All chance is package people's; the time is the engine's.
package conduct
