-- +goose Up
create table audit_head (
    log      TEXT   not null primary key,
    size     BIGINT not null,
    at       BIGINT not null,
    frontier BYTEA  not null,
    note     TEXT   not null
);
