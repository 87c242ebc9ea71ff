-- +goose Up
create table screening_list (
    name    TEXT   not null primary key,
    format  TEXT   not null,
    version TEXT   not null,
    sha256  TEXT   not null,
    entries BIGINT not null,
    added   BIGINT not null,
    changed BIGINT not null,
    removed BIGINT not null,
    loaded  BIGINT not null,
    actor   TEXT   not null
);
