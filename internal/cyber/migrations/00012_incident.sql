-- +goose Up
create table cyber_incident (
    id       text    not null primary key,
    number   bigint  not null,            -- what people call it: I-17
    version  bigint  not null,
    state    text    not null,
    is_open  boolean not null,
    level    bigint  not null,            -- of severity, 0 to 5
    score    bigint  not null,
    tlp      bigint  not null,
    title    text    not null,
    who      text    not null,            -- whose reports it is made of
    owner    text    not null default '',
    opened   bigint  not null,
    changed  bigint  not null,
    next_due bigint  not null default 0,
    joined   text    not null default '', -- the incident this one turned out to be
    folded   text    not null,
    body     text    not null             -- incident.Held
);
