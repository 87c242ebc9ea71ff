-- +goose Up
-- Sightings that others told.
create table cyber_told (
    ref    text   not null, -- of the indicator object
    id     text   not null, -- of the sighting object
    source text   not null,
    said   bigint not null,
    first  bigint not null default 0,
    last   bigint not null default 0,
    count  bigint not null,
    denied boolean not null default false, -- they looked and call it a false positive
    report text   not null default '',
    primary key (ref, id, source)
);
