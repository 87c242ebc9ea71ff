-- +goose Up
create table cargo_shipment (
    id          text    not null primary key,
    version     bigint  not null,
    master      text    not null,             -- the eleven digits
    origin      text    not null default '',
    destination text    not null default '',
    flight      text    not null default '',  -- 9X201.2026-03-15, of the first leg; '' while nobody has said
    date        text    not null default '',  -- local, of departure
    ahead       bigint  not null default 0,   -- UTC microseconds: until when it has still to be loaded
    body        text    not null              -- Shipment
);
