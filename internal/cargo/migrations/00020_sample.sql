-- +goose Up
-- Consignments whose assessment was complete by itself, picked for a targeter to look at as if nobody had said so.
create table cargo_sample (
    consignment text   not null primary key,
    at          bigint not null,
    state       text   not null, -- open, agreed, missed
    body        text   not null  -- Verdict, once there is one
);
