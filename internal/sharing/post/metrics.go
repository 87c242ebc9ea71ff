package post

import (
	"context"
	"errors"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics are what an operator watches of the exchange.
type metrics struct {
	office          *Office
	waiting, oldest *prometheus.Desc
	sent, received  prometheus.Counter
	refused         *prometheus.CounterVec
	undelivered     *prometheus.CounterVec
}

func (o *Office) measure(r prometheus.Registerer) (*metrics, error) {
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: help})
	}
	m := &metrics{
		office:      o,
		waiting:     prometheus.NewDesc("rihla_exchange_waiting", "Messages that wait for a partner.", []string{"to"}, nil),
		oldest:      prometheus.NewDesc("rihla_exchange_oldest_seconds", "Age of the oldest message that waits for a partner.", []string{"to"}, nil),
		sent:        counter("rihla_exchange_sent_total", "Messages that partners acknowledged."),
		received:    counter("rihla_exchange_received_total", "Messages of partners that were taken, repeated ones too."),
		refused:     prometheus.NewCounterVec(prometheus.CounterOpts{Name: "rihla_exchange_refused_total", Help: "Messages of partners that were not taken, by why."}, []string{"code"}),
		undelivered: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "rihla_exchange_undelivered_total", Help: "Messages of ours that were given up, by why."}, []string{"code"}),
	}
	if r == nil {
		return m, nil
	}
	return m, errors.Join(r.Register(m), r.Register(m.sent), r.Register(m.received), r.Register(m.refused), r.Register(m.undelivered))
}

// Describe and Collect count the queues when they are asked for.
func (m *metrics) Describe(to chan<- *prometheus.Desc) { to <- m.waiting; to <- m.oldest }

// Collect is Describe's other half.
func (m *metrics) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	waiting, oldest := map[string]int{}, map[string]time.Time{}
	err := eachQueue(ctx, m.office.store.Read(), func(name string, n int, since time.Time) {
		waiting[name] += n
		if oldest[name].IsZero() || since.Before(oldest[name]) {
			oldest[name] = since
		}
	})
	if err != nil {
		to <- prometheus.NewInvalidMetric(m.waiting, err)
		return
	}
	now := m.office.clock()
	for name, n := range waiting {
		to <- prometheus.MustNewConstMetric(m.waiting, prometheus.GaugeValue, float64(n), name)
		to <- prometheus.MustNewConstMetric(m.oldest, prometheus.GaugeValue, max(0, now.Sub(oldest[name]).Seconds()), name)
	}
}
