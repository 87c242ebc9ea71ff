-- +goose Up
create table facilitation_hall_staffing (
    airport text    not null,
    quarter bigint  not null,               -- its beginning, UTC microseconds
    hall    text    not null,
    lane    text    not null,
    desks   integer not null,
    clock   bigint  not null,
    said    text    not null,
    primary key (airport, quarter, hall, lane)
);
