-- +goose Up
-- The version of the list: it goes up with every change.
create table trust_head (
    one     bigint not null primary key, -- always 1
    version bigint not null,
    at      bigint not null
);
