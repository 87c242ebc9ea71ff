-- +goose Up
-- What ties declarations besides their parties: a flight, an address, a phone, an owner.
create table funds_shared (
    value    text   not null,
    happened bigint not null,
    entry    text   not null,
    primary key (value, happened, entry)
);
