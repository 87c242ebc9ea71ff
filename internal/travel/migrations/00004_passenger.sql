-- +goose Up
create table travel_passenger (
    flight  text   not null,
    id      text   not null,
    role    text   not null,
    status  text   not null,
    folded  text   not null, -- names, documents and locators in lower case: what search looks in
    hash    bigint not null,
    records text   not null, -- the ids of the source records in its group, blank between
    body    text   not null, -- Passenger
    primary key (flight, id)
);
