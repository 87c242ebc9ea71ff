-- +goose Up
-- Grows with every transaction that writes parties: who has changed since is read by it, not a million parties anew.
alter table funds_party add column moved bigint not null default 0;
