package web

import (
	"context"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"secretariat/acts"
	"secretariat/store"
)

// figures reads the metrics from the database when they are asked for: all replicas tell the same.
type figures struct{ acts *acts.Acts }

var (
	databaseUp  = prometheus.NewDesc("secretariat_database_up", "1 when the database answered this question.", nil, nil)
	deliveries  = prometheus.NewDesc("secretariat_deliveries", "Letters by state.", []string{"state"}, nil)
	oldestDue   = prometheus.NewDesc("secretariat_oldest_due_seconds", "For how long the oldest due letter or schedule has waited to be taken up.", nil, nil)
	occurrences = prometheus.NewDesc("secretariat_occurrences", "Fire times of schedules by decision.", []string{"decision"}, nil)
	runs        = prometheus.NewDesc("secretariat_runs", "Runs of reports by state.", []string{"state"}, nil)
)

// Describe implements prometheus.Collector.
func (f figures) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{databaseUp, deliveries, oldestDue, occurrences, runs} {
		out <- d
	}
}

// Collect implements prometheus.Collector.
func (f figures) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), askLimit)
	defer cancel()
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	letters := map[string]int{"planned": 0, "pending": 0, "sending": 0, "committing": 0, "sent": 0, "uncertain": 0, "failed": 0, "suppressed": 0, "expired": 0}
	var work store.WorkCounts
	var waits float64
	err := f.acts.Store.InTx(ctx, func(tx *store.Tx) error {
		counted, err := tx.CountDeliveries(ctx)
		if err != nil {
			return err
		}
		for state, n := range counted {
			letters[state] = n
		}
		if work, err = tx.WorkCounts(ctx); err != nil {
			return err
		}
		at, ok, err := tx.OldestDue(ctx)
		waits = 0
		if ok {
			waits = tx.Now.Sub(at).Seconds()
		}
		return err
	})
	if err != nil {
		gauge(databaseUp, 0)
		return
	}
	gauge(databaseUp, 1)
	gauge(oldestDue, waits)
	for state, n := range letters {
		gauge(deliveries, float64(n), state)
	}
	for decision, n := range work.Occurrences {
		gauge(occurrences, float64(n), decision)
	}
	for state, n := range work.Runs {
		gauge(runs, float64(n), state)
	}
}

func (h *house) metrics() http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(figures{h.acts}, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return promhttp.HandlerFor(registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4})
}
