-- +goose Up
-- The number of the latest change of an indicator that the log was matched under.
alter table cyber_log add column matched_to bigint not null default 0;
