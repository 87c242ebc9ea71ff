-- +goose Up
-- How far each collection was heard.
create table cyber_followed (
    collection text   not null primary key,
    after      bigint not null
);
