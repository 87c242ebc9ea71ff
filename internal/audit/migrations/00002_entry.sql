-- +goose Up
create table audit_entry (
    log     TEXT   not null,
    number  BIGINT not null,
    id      TEXT   not null,
    at      BIGINT not null,
    actor   TEXT   not null,
    role    TEXT   not null,
    action  TEXT   not null,
    report  TEXT   not null,
    touched TEXT   not null,
    detail  TEXT   not null,
    hash    BYTEA  not null,
    primary key (log, number)
);
