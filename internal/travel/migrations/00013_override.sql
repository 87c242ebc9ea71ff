-- +goose Up
-- Why somebody boarded, or may board, beside the answer: never a change of it.
create table travel_override (
    id        text   not null primary key, -- in the order of their time
    at        bigint not null,
    filer     text   not null, -- empty where the desk recorded it
    carrier   text   not null,
    passenger text   not null,
    record    text   not null, -- the source record of the question: what a passenger goes by later leads back here
    body      text   not null  -- Override
);
