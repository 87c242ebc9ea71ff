-- +goose Up
create unique index cyber_indicator_changed on cyber_indicator (changed);
