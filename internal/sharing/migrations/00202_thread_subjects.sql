-- +goose Up
-- How many things a thread is about: one, but where a message brings several.
alter table sharing_thread add column subjects bigint not null default 1;
