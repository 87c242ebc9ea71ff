-- +goose Up
create table travel_record (
    flight text not null,
    id     text not null,
    kind   text not null,
    seen   text not null, -- Clock of the latest message that carried it
    body   text not null, -- Record
    primary key (flight, id)
);
