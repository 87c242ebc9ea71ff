-- +goose Up
create table store_counter (
    name  TEXT   not null primary key,
    value BIGINT not null
);
