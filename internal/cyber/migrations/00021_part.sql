-- +goose Up
-- Lines that hold a part of a composite pattern, as observations: the other parts may come in another log.
create table cyber_part (
    indicator text   not null,
    host      text   not null,
    at        bigint not null,
    report    text   not null,
    line      bigint not null,
    seen      text   not null, -- the value as the log has it
    body      text   not null, -- the observation, as STIX objects
    primary key (indicator, host, at, report, line)
);
