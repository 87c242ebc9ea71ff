-- +goose Up
create table sharing_reference (
    reference text   not null primary key,
    thread    text   not null,
    agreement text   not null,
    category  text   not null,
    target    text   not null,
    at        bigint not null
);
