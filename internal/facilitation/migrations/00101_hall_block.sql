-- +goose Up
create table facilitation_hall_block (
    airport   text    not null,
    date      text    not null,             -- local, of departure
    flight    text    not null,             -- ZZ431
    origin    text    not null,             -- '' where the airport did not say
    estimated integer not null,             -- 1: it was expected then
    hall      text    not null,
    at        bigint  not null,             -- UTC microseconds
    clock     bigint  not null,             -- of who said so, UTC microseconds
    said      text    not null,             -- decides between two words of one clock
    primary key (airport, date, flight, origin, estimated)
);
