-- +goose Up
create table intake_raw (
    id   TEXT   not null,
    part BIGINT not null,
    data BYTEA  not null,
    primary key (id, part)
);
