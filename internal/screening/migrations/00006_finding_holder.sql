-- +goose Up
create index screening_finding_holder on screening_finding (holder);
