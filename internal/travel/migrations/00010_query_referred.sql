-- +goose Up
-- What the border desk looks at: questions that were not simply answered with leave to board. Nearly all are, and cost nothing here.
create index travel_query_referred on travel_query (until) where verdict <> 'ok' or unasked <> '';
