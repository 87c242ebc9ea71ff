-- +goose Up
create table screening_generation (
    name   TEXT   not null primary key,
    number BIGINT not null
);
