-- +goose Up
create table links_trip (
    trip   BIGINT not null primary key,
    person BIGINT not null,
    digest BIGINT not null
);
