-- +goose Up
create index cargo_trader_record on cargo_trader (record);
