// Package cyber knows indicators of attacks on networks, the log lines that meet them, and the incidents that follow.
//
// Reports of threats (STIX, MISP, lists) are taken apart into indicators, each held as a join of what its sources said;
// what comes through TAXII goes the same way. Logs are matched against all indicators that hold: a match is a sighting,
// told to whoever shared the indicator, and a finding on the machine it was seen at. Incident reports are joined into
// incidents with a severity, tasks, evidence and the clocks of the law. Domain is the room's face towards the pipeline.
//
// Sub-packages: match finds indicators in lines, indicators says what is held of one, incident what is held of an
// incident, all three pure; collection keeps STIX objects and serves them by TAXII, feed reads those of others. It must never know another domain. It
// blocks nothing and decides nothing: a responder does.
package cyber
