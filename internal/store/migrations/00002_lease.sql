-- +goose Up
create table store_lease (
    name  TEXT   not null primary key,
    owner TEXT   not null,
    term  BIGINT not null,
    until BIGINT not null
);
