-- +goose Up
-- Collections of others that are read on a schedule.
create table cyber_feed (
    name        text   not null primary key,
    root        text   not null, -- of the other's API
    collection  text   not null, -- there: its id or alias
    destination text   not null, -- here: the id of the collection that takes it
    every       bigint not null, -- in microseconds
    salt        bytea  not null, -- of the credential: without it that is noise
    credential  bytea  not null, -- sealed
    actor       text   not null, -- who added it
    added       bigint not null,
    turn        bigint not null, -- goes up with every change of the place: of two that read at once, one keeps what it read
    place       text   not null, -- how far it has been read
    due         bigint not null,
    tried       bigint not null, -- 0: never
    succeeded   bigint not null,
    failures    bigint not null, -- since it last succeeded
    fault       text   not null, -- of the last try; empty: none
    pages       bigint not null,
    taken       bigint not null, -- versions that were new here
    known       bigint not null, -- that were here already
    refused     bigint not null,
    refusals    text   not null, -- the last of them, with their places
    untold      bigint not null  -- new ones that the audit log is not told of yet
);
