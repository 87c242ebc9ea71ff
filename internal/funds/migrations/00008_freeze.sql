-- +goose Up
create table funds_freeze (
    case_id text   not null primary key,
    subject text   not null,
    state   text   not null, -- pending, frozen, licensed, lifted, not_same, withdrawn
    due     bigint not null,
    started bigint not null,
    body    text   not null  -- Freeze
);
