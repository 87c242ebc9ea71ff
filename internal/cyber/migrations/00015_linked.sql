-- +goose Up
-- The incidents an indicator is part of.
create table cyber_linked (
    indicator text not null,
    incident  text not null,
    primary key (indicator, incident)
);
