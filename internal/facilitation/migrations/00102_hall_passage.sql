-- +goose Up
create table facilitation_hall_passage (
    airport  text    not null,
    began    bigint  not null,              -- UTC microseconds, as all times here
    hall     text    not null,
    desk     text    not null,
    lane     text    not null,
    flight   text    not null,              -- '' where the desk was not told
    date     text    not null,
    origin   text    not null,
    who      text    not null,              -- a keyed hash of the document, for a day; then ''
    queued   bigint  not null,              -- 0 where no sensor saw it
    ended    bigint  not null,
    referred integer not null,
    clock    bigint  not null,
    said     text    not null,
    primary key (airport, began, hall, desk)
);
