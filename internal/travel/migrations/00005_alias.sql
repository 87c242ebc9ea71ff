-- +goose Up
create table travel_alias (
    record    text not null primary key,
    flight    text not null,
    passenger text not null
);
