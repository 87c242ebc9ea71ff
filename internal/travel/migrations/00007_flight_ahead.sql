-- +goose Up
-- The flights that have not landed, of all those ever filed: whoever looks at a changed list asks for them.
create index travel_flight_ahead on travel_flight (ahead);
