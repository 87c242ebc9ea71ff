-- +goose Up
create index cargo_trader_party on cargo_trader (party);
