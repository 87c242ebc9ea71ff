-- +goose Up
create index facilitation_application_moved on facilitation_application (moved, id, version, ahead);
