-- +goose Up
create table post_authority (
    authority TEXT   not null primary key,
    party     TEXT   not null,
    place     BIGINT not null
);
