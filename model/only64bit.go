//go:build 386 || arm || mips || mipsle

package model

// What the store keeps of a large system takes more than the four gigabytes that such a machine can address, and it counts in ints. The build
// stops here, with a message, instead of somewhere in the arithmetic.
const _ int = "invitesim needs a 64-bit machine, such as amd64 or arm64"
