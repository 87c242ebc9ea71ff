-- +goose Up
create table funds_dissemination (
    id     text   not null primary key,
    number bigint not null,
    at     bigint not null,
    body   text   not null -- Dissemination
);
