-- +goose Up
-- Why a finding is no longer found.
alter table screening_finding add column ending TEXT not null default '';
