module peers

go 1.26.0

require (
	github.com/agoussia/godes v0.0.0-20180605170806-4952b44f646a
	github.com/fschuetz04/simgo v0.7.0
	invitesim v0.0.0
)

replace invitesim => ../../../../..
