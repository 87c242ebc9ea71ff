-- +goose Up
-- Traders found trustworthy here, and those that a partner state recognises, under an agreement.
create table cargo_trader (
    id     text   not null,
    record text   not null default '', -- of the exchange, of a partner's
    party  bigint not null,            -- hash of name and country, as parties are compared
    body   text   not null,            -- Trader
    primary key (id, record)
);
