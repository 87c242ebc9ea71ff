-- +goose Up
create table audit_pending (
    id      TEXT   not null primary key,
    log     TEXT   not null,
    at      BIGINT not null,
    actor   TEXT   not null,
    role    TEXT   not null,
    action  TEXT   not null,
    report  TEXT   not null,
    touched TEXT   not null,
    detail  TEXT   not null
);
