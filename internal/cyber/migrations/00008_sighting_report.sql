-- +goose Up
create index cyber_sighting_report on cyber_sighting (report);
