-- +goose Up
-- Why an indicator is refused by a warning list of the node's own; empty is not.
alter table cyber_indicator add column warned text not null default '';
