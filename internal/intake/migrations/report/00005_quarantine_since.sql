-- +goose Up
create index intake_quarantine_since on intake_quarantine (since);
