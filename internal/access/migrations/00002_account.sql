-- +goose Up
create table access_account (
    name     TEXT   not null primary key,
    role     TEXT   not null,
    password TEXT   not null,
    created  BIGINT not null,
    disabled BIGINT not null
);
