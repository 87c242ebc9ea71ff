-- +goose Up
-- What was ever granted, as vouching needs it.
create table facilitation_standing (
    application text not null primary key,
    body        text not null              -- standing
);
