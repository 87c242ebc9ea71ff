-- +goose Up
-- Which report follows which, and the incident they are of.
create table cyber_filed (
    who       text not null,
    report_id text not null,
    previous  text not null default '',
    incident  text not null,
    primary key (who, report_id)
);
