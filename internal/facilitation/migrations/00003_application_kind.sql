-- +goose Up
create index facilitation_application_kind on facilitation_application (kind, state, filed, id);
