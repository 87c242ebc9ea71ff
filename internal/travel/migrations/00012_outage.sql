-- +goose Up
-- When carriers could not ask, or could not be answered: declared by an officer, or by a carrier of its own.
create table travel_outage (
    number text   not null primary key, -- OUT-2026-014
    starts bigint not null,
    ends   bigint not null, -- 0 while it lasts
    filer  text   not null, -- who declared its own; empty is the state's
    body   text   not null  -- Outage
);
