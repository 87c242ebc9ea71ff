-- +goose Up
-- The number of the change that made logs be matched against it: logs read before are read again from that.
alter table cyber_indicator add column born bigint not null default 0;
