-- +goose Up
-- Who has a finding on an entry that changes.
create index screening_finding_matched on screening_finding (matched);
