-- +goose Up
create index facilitation_application_thread on facilitation_application (thread);
