-- +goose Up
create unique index facilitation_application_ref on facilitation_application (ref);
