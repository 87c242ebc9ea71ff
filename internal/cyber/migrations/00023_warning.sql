-- +goose Up
-- Values that this node never matches, nor gives on: its own machines, its partners', what everybody uses here.
create table cyber_warning (
    kind   text   not null,
    value  text   not null, -- as observable.Key has it
    reason text   not null,
    actor  text   not null,
    at     bigint not null,
    primary key (kind, value)
);
