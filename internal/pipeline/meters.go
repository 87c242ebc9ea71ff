package pipeline

import "github.com/prometheus/client_golang/prometheus"

// meters are what an operator watches of the road.
type meters struct {
	reports  *prometheus.CounterVec   // by format and state
	failures *prometheus.CounterVec   // of our own software, by what it was doing
	failing  prometheus.Gauge         // reports put off
	waiting  prometheus.Gauge         // reports in the journal
	replans  prometheus.Counter       // plans made again because a version had moved
	subjects *prometheus.CounterVec   // screened, by occasion
	took     *prometheus.HistogramVec // seconds from receipt to written, by lane
	answered prometheus.Histogram     // seconds to work out an answer that a filer waits for
}

func newMeters(r *prometheus.Registry) *meters {
	m := &meters{
		reports:  prometheus.NewCounterVec(prometheus.CounterOpts{Name: "rihla_reports_total", Help: "Reports read and stored, by format and state."}, []string{"format", "state"}),
		failures: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "rihla_report_failures_total", Help: "Failures of this software on a report, by what it was doing. Any is an alarm."}, []string{"doing"}),
		failing:  prometheus.NewGauge(prometheus.GaugeOpts{Name: "rihla_reports_failing", Help: "Reports that stay received because this software fails on them. Any is an alarm."}),
		waiting:  prometheus.NewGauge(prometheus.GaugeOpts{Name: "rihla_reports_waiting", Help: "Reports in the journal."}),
		replans:  prometheus.NewCounter(prometheus.CounterOpts{Name: "rihla_replans_total", Help: "Plans made again because what they looked at had changed."}),
		subjects: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "rihla_subjects_screened_total", Help: "Subjects screened, by occasion."}, []string{"occasion"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "rihla_report_seconds", Help: "Seconds from a report's receipt until it is stored, by lane.",
			Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300}}, []string{"lane"}),
	}
	m.answered = prometheus.NewHistogram(prometheus.HistogramOpts{Name: "rihla_answer_seconds", Help: "Seconds to work out an answer that a filer waits for, before it is kept and sent.",
		Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 3.5}})
	if r != nil {
		r.MustRegister(m.reports, m.failures, m.failing, m.waiting, m.replans, m.subjects, m.took, m.answered)
	}
	return m
}
