-- +goose Up
-- Generations in which nothing moved but entries that began or ceased to hold, or are looked at anew: each such entry
-- carries the number. What is neither here nor a list's change concerns everybody.
create table screening_turn (
    generation BIGINT not null primary key
);
