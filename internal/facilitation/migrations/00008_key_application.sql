-- +goose Up
create index facilitation_key_application on facilitation_key (application);
