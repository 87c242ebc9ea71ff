-- +goose Up
create table intake_answer (
    id     TEXT   not null primary key,
    number BIGINT not null,
    domain TEXT   not null,
    filer  TEXT   not null,
    report TEXT   not null,
    about  TEXT   not null,
    kind   TEXT   not null,
    media  TEXT   not null,
    name   TEXT   not null,
    at     BIGINT not null,
    taken  BIGINT not null,
    body   BYTEA  not null
);
