-- +goose Up
create table screening_run (
    domain     TEXT   not null primary key,
    generation BIGINT not null
);
