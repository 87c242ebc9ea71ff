-- +goose Up
create index cyber_part_report on cyber_part (report);
