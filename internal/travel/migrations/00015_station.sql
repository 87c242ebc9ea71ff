-- +goose Up
-- Where a carrier is phoned.
create table travel_station (
    carrier text   not null,
    airport text   not null,
    phone   text   not null,
    note    text   not null,
    actor   text   not null,
    at      bigint not null,
    primary key (carrier, airport)
);
