-- +goose Up
create index cyber_indicator_said on cyber_indicator (said, id);
