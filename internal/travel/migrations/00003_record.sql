-- +goose Up
create table travel_record (
    flight text not null,
    id     text not null,
    kind   text not null,
    body   text not null,
    primary key (flight, id)
);
