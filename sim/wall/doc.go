// Package wall runs people against the system in wall time: several workers, each with a share of the members, give their commands to
// one shared system, and every command's time is taken.
//
// In an open loop a command is due at its planned instant of the people's time, divided by the speed, whatever became of those before it:
// latency counts from there. What people draw for it is drawn just before, so that the system's time alone counts. In a closed loop each
// worker gives the next command when the last is answered, in the order of their planned instants, and no worker runs far ahead of the
// others in the people's time.
//
// What concerns members of several workers meets in the store. News of an invitation goes to the worker of the one it is for through an
// inbox, many at a time.
//
// What the machine takes away meanwhile is seen by several eyes, none of which sees all. A meter that spins sees every gap of the processor that the workers leave it. A
// worker sees those of its own thread while it waits, those above 200 µs while it does something of its own between two commands, and shorter ones at a glance now
// and then; what comes in a command, at a rendezvous, or while it waits for others may be their doing, and is not looked at. A meter that sleeps, where the workers have all
// processors or nobody is to spin, sees what stops the whole process for more than 40 ms, wherever workers are; shorter stops of a thread within a command nobody sees.
package wall
