-- +goose Up
create table travel_codeshare (
    flight    text not null primary key, -- of the marketing number
    operating text not null
);
