-- +goose Up
create index cyber_indicator_born on cyber_indicator (born);
