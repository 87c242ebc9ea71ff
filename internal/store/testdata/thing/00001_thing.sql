-- +goose Up
create table thing (
    id      TEXT    not null primary key,
    version BIGINT  not null,
    body    BYTEA   not null,
    good    BOOLEAN not null
);
