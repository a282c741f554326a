package compose

import (
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/fx"

	"github.com/ipswich-retail/commerce/adapters/bun/postgres"
)

// poolMetrics shows how the connections to the database are used, by pool.
type poolMetrics struct{ store *postgres.Store }

var (
	poolMax      = prometheus.NewDesc("shop_database_connections_max", "Connections that a pool may have.", []string{"pool"}, nil)
	poolTotal    = prometheus.NewDesc("shop_database_connections", "Connections that a pool has.", []string{"pool"}, nil)
	poolAcquired = prometheus.NewDesc("shop_database_connections_acquired", "Connections of a pool in use.", []string{"pool"}, nil)
	poolWaited   = prometheus.NewDesc("shop_database_waits_total", "Times that a pool had no idle connection to give.", []string{"pool"}, nil)
	poolWaitTime = prometheus.NewDesc("shop_database_wait_seconds_total", "Time spent waiting for a connection of a pool.", []string{"pool"}, nil)
)

// Describe tells the registry what there is.
func (poolMetrics) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{poolMax, poolTotal, poolAcquired, poolWaited, poolWaitTime} {
		out <- d
	}
}

// Collect reads the pools' counters, which asks the database nothing.
func (m poolMetrics) Collect(out chan<- prometheus.Metric) {
	for name, stat := range m.store.PoolStats() {
		out <- prometheus.MustNewConstMetric(poolMax, prometheus.GaugeValue, float64(stat.MaxConns()), name)
		out <- prometheus.MustNewConstMetric(poolTotal, prometheus.GaugeValue, float64(stat.TotalConns()), name)
		out <- prometheus.MustNewConstMetric(poolAcquired, prometheus.GaugeValue, float64(stat.AcquiredConns()), name)
		out <- prometheus.MustNewConstMetric(poolWaited, prometheus.CounterValue, float64(stat.EmptyAcquireCount()), name)
		out <- prometheus.MustNewConstMetric(poolWaitTime, prometheus.CounterValue, stat.AcquireDuration().Seconds(), name)
	}
}

// poolParams are what the metrics of the pools are read from, if the shop's store has any.
type poolParams struct {
	fx.In

	Registry *prometheus.Registry
	Database *postgres.Store `optional:"true"`
}

func registerPools(p poolParams) error {
	if p.Database == nil {
		return nil
	}
	return p.Registry.Register(poolMetrics{p.Database})
}
