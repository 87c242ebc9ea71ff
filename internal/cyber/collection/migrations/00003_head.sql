-- +goose Up
-- The row that numbers a collection's objects: last is the newest date_added.
create table taxii_head (
    collection bigint not null primary key,
    last       bigint not null,
    objects    bigint not null
);
