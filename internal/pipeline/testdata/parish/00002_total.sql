-- +goose Up
create table parish_total (
    id TEXT   not null primary key,
    n  BIGINT not null
);
