-- +goose Up
create index travel_override_record on travel_override (record);
