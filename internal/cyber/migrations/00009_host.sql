-- +goose Up
create table cyber_host (
    id     text   not null primary key,
    place  text   not null, -- as logs name it
    source text   not null, -- who filed the logs
    first  bigint not null,
    last   bigint not null,
    count  bigint not null
);
