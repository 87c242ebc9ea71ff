-- +goose Up
create table dialogue_decision (
    meeting   TEXT   not null,
    year      BIGINT not null,
    place     BIGINT not null,
    agreement TEXT   not null,
    body      TEXT   not null,
    primary key (meeting, year, place)
);
