-- +goose Up
create table pipeline_event (
    number BIGINT not null primary key,
    domain TEXT   not null default '',
    name   TEXT   not null,
    id     TEXT   not null default '',
    counts TEXT   not null default ''
);
