-- +goose Up
create table sharing_match_hit (
    run       text    not null,
    passenger text    not null,
    families  text    not null,
    lead      boolean not null,
    thread    text    not null,
    primary key (run, passenger)
);
