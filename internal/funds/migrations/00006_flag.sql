-- +goose Up
-- What a clock found of an entry: no journey, no declaration at this end.
create table funds_flag (
    entry text not null,
    what  text not null,
    primary key (entry, what)
);
