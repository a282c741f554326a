package fiberhttp

import "github.com/prometheus/client_golang/prometheus"

// admissions shows what the turnstile does, by class.
type admissions struct {
	turnstile        *turnstile
	total            *prometheus.CounterVec
	working, waiting *prometheus.Desc
}

// newAdmissions registers the metrics; every class has them from the start.
func newAdmissions(registry prometheus.Registerer, t *turnstile) error {
	a := &admissions{
		turnstile: t,
		total: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "http_admission_total", Help: "Requests that found a place, and that were shed with 503, by class.",
		}, []string{"class", "outcome"}),
		working: prometheus.NewDesc("http_admission_working", "Requests that are worked on, by class.", []string{"class"}, nil),
		waiting: prometheus.NewDesc("http_admission_waiting", "Requests that wait for a place, by class.", []string{"class"}, nil),
	}
	outcomes := map[bool]string{true: "admitted", false: "shed"}
	for _, c := range classes {
		for _, outcome := range outcomes {
			a.total.WithLabelValues(c.String(), outcome)
		}
	}
	t.entered = func(c Class, admitted bool) { a.total.WithLabelValues(c.String(), outcomes[admitted]).Inc() }
	return registry.Register(a)
}

// Describe tells the registry what there is.
func (a *admissions) Describe(out chan<- *prometheus.Desc) {
	a.total.Describe(out)
	out <- a.working
	out <- a.waiting
}

// Collect reads the counts.
func (a *admissions) Collect(out chan<- prometheus.Metric) {
	a.total.Collect(out)
	for _, c := range classes {
		working, waiting := a.turnstile.now(c)
		out <- gauge(a.working, float64(working), c.String())
		out <- gauge(a.waiting, float64(waiting), c.String())
	}
}
