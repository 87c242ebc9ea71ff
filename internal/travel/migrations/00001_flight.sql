-- +goose Up
create table travel_flight (
    id             text   not null primary key,
    version        bigint not null,
    carrier        text   not null,
    number         text   not null,
    suffix         text   not null default '',
    date           text   not null,
    origin         text   not null,
    destination    text   not null,
    departs        bigint not null default 0, -- UTC microseconds; 0 when unknown
    ahead          bigint not null default 0, -- until when something can be done about its travellers
    status         text   not null,
    joined         text   not null default '', -- the operating flight a marketing number was joined to
    body           text   not null,            -- Flight, as pages show it
    facts          text   not null             -- Facts, what the sources said of the flight as a whole
);
