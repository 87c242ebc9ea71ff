-- +goose Up
create index cyber_incident_changed on cyber_incident (changed, id);
