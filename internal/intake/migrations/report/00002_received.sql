-- +goose Up
create index intake_report_received on intake_report (received, id);
