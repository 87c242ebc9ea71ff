-- +goose Up
create table taxii_collection (
    id          text    not null primary key,
    number      bigint  not null,
    alias       text    not null,
    title       text    not null,
    description text    not null,
    specs       text    not null,
    unmarked    bigint  not null,
    visible     boolean not null
);
