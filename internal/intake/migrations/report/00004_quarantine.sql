-- +goose Up
create table intake_quarantine (
    id     TEXT   not null,
    at     BIGINT not null,
    part   BIGINT not null,
    length BIGINT not null,
    since  BIGINT not null,
    data   BYTEA  not null,
    primary key (id, at, part)
);
