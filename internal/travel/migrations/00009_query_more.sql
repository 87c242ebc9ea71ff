-- +goose Up
-- What else is kept of a question, as JSON: its transaction, whom it was about, the adult an infant goes with.
alter table travel_query add column more text not null default '';
