-- +goose Up
create table cargo_referral (
    id          text   not null primary key,
    consignment text   not null,
    state       text   not null, -- open, answered, lifted
    body        text   not null  -- Referral
);
