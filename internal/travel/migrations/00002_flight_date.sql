-- +goose Up
create index travel_flight_date on travel_flight (date, id);
