-- +goose Up
create index facilitation_person_application on facilitation_person (application);
