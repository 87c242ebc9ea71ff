-- +goose Up
-- How a dismissal ended before anybody looked: it expired, or was revoked by somebody who said why.
alter table screening_dismissal add column ended BIGINT not null default 0;
alter table screening_dismissal add column ending TEXT not null default '';
alter table screening_dismissal add column ender TEXT not null default '';
alter table screening_dismissal add column end_reason TEXT not null default '';
