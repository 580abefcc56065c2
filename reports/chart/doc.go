// Package chart draws the charts of a result, each of which answers one question: its title. It is the only package that
// knows the plotting library.
//
// Charts are made from sim.Result alone. Besides the figures they read the time series (see sim.Series: columns
// VERB.OUTCOME, outstanding.p5|p25|p50|p75|p95|p99|max, members_at_cap, restricted) and these curves of
// Result.Distributions:
//
//	rate_limited.hour_of_week   x: hour of the week, 0 to 167 from Monday 00 h UTC; y: mean rate-limit hits per hour
//	at_cap.POPULATION           x: seconds since the start, at the ends of steps; y: share of that population's senders
//	                            at the pending cap, 0 to 1
//	quota.POPULATION            x: the weekly limit used; y: cumulative share of calendar periods with a send, 0 to 1
//	fates.STATE                 for accepted, ignored, reported, withdrawn, expired, cancelled and open.
//	                            x: ordinal of the week of sending, from 0, starting x weeks after the start of the run;
//	                            y: count
//	answers.VERB                for accept, ignore and withdraw. x: seconds since the send; y: cumulative share, 0 to 1
//	outstanding.predicted       optional. x: seconds since the start; y: predicted mean outstanding per sender
//
// Compare and Overlay draw several results together: what differs between two sides, and a line for each of several policies.
//
// A chart that would show nothing is not drawn, and Chart.Why says what is missing.
//
// The layout is done here, to the pixel, on the vector canvas of gonum/plot, and not by its Plot type: labels at the ends
// of lines, text that never overlaps, hatches and calendar weeks are beyond that type. Text is measured with the fonts that the
// library ships; an SVG names them, their metric twins and any sans serif, anchors each text where it has to stay put, and
// says how wide it is, so that another font does not break the layout.
//
// SVG, PNG and PDF are the same bytes on every machine. The letters of a PNG are filled as outlines for that (letters.go): the raster library's
// own way with text sums products that some processors fuse, and now and then a pixel would be a level of grey lighter.
package chart
