-- +goose Up
create table dialogue_action (
    id        TEXT   not null primary key,
    meeting   TEXT   not null,
    partner   TEXT   not null,
    year      BIGINT not null,
    place     BIGINT not null,
    agreement TEXT   not null,
    due       TEXT   not null,
    state     TEXT   not null,
    body      TEXT   not null
);
