-- +goose Up
create table parish_key (
    id      TEXT   not null primary key,
    version BIGINT not null,
    people  TEXT   not null
);
