package compose

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/fx"

	"github.com/ipswich-retail/commerce/adapters/bun/postgres"
)

// pools tell how the connections to a database are used, by pool.
type pools func() map[string]poolStats

// poolStats is how the connections of one pool are used.
type poolStats struct {
	most, open, used int32
	waits            int64 // Times that none was idle.
	waited           time.Duration
}

func postgresPools(store *postgres.Store) pools {
	return func() map[string]poolStats {
		out := map[string]poolStats{}
		for name, s := range store.PoolStats() {
			out[name] = poolStats{s.MaxConns(), s.TotalConns(), s.AcquiredConns(), s.EmptyAcquireCount(), s.AcquireDuration()}
		}
		return out
	}
}

// poolMetrics shows how the connections to the database are used, by pool.
type poolMetrics struct{ pools pools }

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
	for name, stat := range m.pools() {
		out <- prometheus.MustNewConstMetric(poolMax, prometheus.GaugeValue, float64(stat.most), name)
		out <- prometheus.MustNewConstMetric(poolTotal, prometheus.GaugeValue, float64(stat.open), name)
		out <- prometheus.MustNewConstMetric(poolAcquired, prometheus.GaugeValue, float64(stat.used), name)
		out <- prometheus.MustNewConstMetric(poolWaited, prometheus.CounterValue, float64(stat.waits), name)
		out <- prometheus.MustNewConstMetric(poolWaitTime, prometheus.CounterValue, stat.waited.Seconds(), name)
	}
}

// poolParams are what the metrics of the pools are read from, if the shop's store has any.
type poolParams struct {
	fx.In

	Registry *prometheus.Registry
	Pools    pools `optional:"true"`
}

func registerPools(p poolParams) error {
	if p.Pools == nil {
		return nil
	}
	return p.Registry.Register(poolMetrics{p.Pools})
}
