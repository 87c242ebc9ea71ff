-- +goose Up
create table intake_outbox (
    filer  TEXT   not null primary key,
    number BIGINT not null
);
