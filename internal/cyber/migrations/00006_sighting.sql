-- +goose Up
-- What our own logs met: one row an indicator, a machine and a report.
create table cyber_sighting (
    indicator text   not null,
    host      text   not null,
    report    text   not null,
    seen      text   not null, -- the value as the log has it
    first     bigint not null,
    last      bigint not null,
    count     bigint not null,
    primary key (indicator, host, report)
);
