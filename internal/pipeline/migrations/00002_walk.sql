-- +goose Up
create table pipeline_walk (
    domain     TEXT   not null primary key,
    generation BIGINT not null,
    after      TEXT   not null default ''
);
