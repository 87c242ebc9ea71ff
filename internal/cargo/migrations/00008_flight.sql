-- +goose Up
create table cargo_flight (
    id       text   not null primary key, -- 9X201.2026-03-15
    departs  bigint not null default 0,   -- UTC microseconds, as told by a person; 0 is unknown
    departed bigint not null default 0,
    arrived  bigint not null default 0
);
