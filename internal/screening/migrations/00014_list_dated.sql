-- +goose Up
-- The day or instant the publisher gave the files, where they hold one: an older file does not replace a newer.
alter table screening_list add column dated TEXT not null default '';
alter table screening_list add column generation BIGINT not null default 0;
