package compose

import (
	"context"

	"github.com/ipswich-retail/commerce/adapters/fiberhttp"
)

// parkedMost bounds how many parked aggregates of a consumer are counted: beyond it the number says nothing new.
const parkedMost = 1000

// parked counts the aggregates whose events consumers could not take.
func (p optionParams) parked(ctx context.Context) (int, error) {
	n := 0
	for _, c := range p.Consumers {
		some, err := p.Parked.Parked(ctx, c.Name, "", parkedMost)
		if err != nil {
			return 0, err
		}
		n += len(some)
	}
	return n, nil
}

// jobsHealth tells whether jobs are begun when they are due.
func (p optionParams) jobsHealth(ctx context.Context) fiberhttp.ServiceHealth {
	out := fiberhttp.ServiceHealth{Name: "jobs", State: "up", Well: true}
	if figures, err := p.jobFigures(ctx); err != nil || figures.Late > lateAfter {
		out.State, out.Well = "late", false
	}
	return out
}
