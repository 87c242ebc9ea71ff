-- +goose Up
create table dialogue_report (
    agreement TEXT   not null,
    first_day TEXT   not null,
    last_day  TEXT   not null,
    party     TEXT   not null,
    at        BIGINT not null,
    body      TEXT   not null,
    primary key (agreement, first_day, last_day, party)
);
