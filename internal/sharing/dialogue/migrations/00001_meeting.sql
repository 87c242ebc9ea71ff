-- +goose Up
create table dialogue_meeting (
    id      TEXT   not null primary key,
    year    BIGINT not null,
    place   BIGINT not null,
    partner TEXT   not null,
    host    TEXT   not null,
    starts  BIGINT not null,
    state   TEXT   not null,
    version BIGINT not null,
    body    TEXT   not null,
    record  BYTEA  not null
);
