-- +goose Up
create table screening_rule (
    name   TEXT   not null,
    file   TEXT   not null,
    body   TEXT   not null,
    loaded BIGINT not null,
    actor  TEXT   not null,
    primary key (name, file)
);
