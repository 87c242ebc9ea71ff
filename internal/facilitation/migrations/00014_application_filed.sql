-- +goose Up
create index facilitation_application_filed on facilitation_application (filed, id);
