-- +goose Up
create table jobs_job (
    id       TEXT   not null primary key,
    kind     TEXT   not null,
    due      BIGINT not null,
    version  BIGINT not null,
    attempts BIGINT not null,
    owner    TEXT   not null,
    until    BIGINT not null,
    fault    TEXT   not null,
    body     BYTEA  not null
);
