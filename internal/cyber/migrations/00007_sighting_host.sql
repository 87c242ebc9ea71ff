-- +goose Up
create index cyber_sighting_host on cyber_sighting (host);
