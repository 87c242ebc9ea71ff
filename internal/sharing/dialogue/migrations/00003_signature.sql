-- +goose Up
create table dialogue_signature (
    meeting   TEXT   not null,
    party     TEXT   not null,
    authority TEXT   not null,
    actor     TEXT   not null,
    at        BIGINT not null,
    jws       TEXT   not null,
    primary key (meeting, party)
);
