-- +goose Up
-- How each clock last went, and what it took away in all.
create table custody_run (
    clock   text   not null primary key,
    ran     bigint not null,           -- when, UTC microseconds
    before  bigint not null,           -- what was from before this went
    records bigint not null,           -- in that run
    copies  bigint not null,           -- of reports, in that run
    total   bigint not null            -- records, ever
);
