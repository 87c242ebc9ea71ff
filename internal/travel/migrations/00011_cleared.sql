-- +goose Up
-- Whom a decision let board: as opaque values of the documents, names and birth dates they were known by then. Another
-- document, and the decision says nothing of its holder. Few, and found by their flight.
create table travel_cleared (
    flight  text   not null,
    case_id text   not null,
    at      bigint not null,
    about   text   not null, -- blank between
    primary key (flight, case_id)
);
