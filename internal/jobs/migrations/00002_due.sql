-- +goose Up
create index jobs_due on jobs_job (due);
