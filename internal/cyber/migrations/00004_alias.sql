-- +goose Up
-- Which indicators an object of a source stands for: a sighting names the object.
create table cyber_alias (
    ref       text not null,
    indicator text not null,
    primary key (ref, indicator)
);
