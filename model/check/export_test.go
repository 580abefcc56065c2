package check

import "context"

// Check is Explain for those who do not want to read the order.
func (r *Recording) Check(ctx context.Context, setUp SetUp, build Builder) (Figures, *Violation, error) {
	e, err := r.Explain(ctx, setUp, build)
	return e.Figures, e.Violation, err
}
