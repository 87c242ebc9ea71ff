-- +goose Up
-- Whom a decision let board: as opaque values of the documents, names and birth dates they were known by then. Another
-- document, and the decision says nothing of its holder.
create table travel_cleared (
    case_id text   not null primary key,
    at      bigint not null,
    about   text   not null -- blank between
);
