-- +goose Up
-- Lists that speak of the subjects of some domains only, with blanks between; a list that is not here speaks of everybody.
create table screening_list_scope (
    list    TEXT not null primary key,
    domains TEXT not null
);
