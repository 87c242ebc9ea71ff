-- +goose Up
create table sharing_protected (
    identity  text   not null,
    id        text   not null,
    country   text   not null,
    placed_by text   not null,
    at        bigint not null,
    primary key (identity, country)
);
