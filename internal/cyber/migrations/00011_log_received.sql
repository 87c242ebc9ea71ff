-- +goose Up
create index cyber_log_received on cyber_log (received, report);
