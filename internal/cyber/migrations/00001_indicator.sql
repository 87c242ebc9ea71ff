-- +goose Up
create table cyber_indicator (
    id         text   not null primary key,
    version    bigint not null,
    changed    bigint not null,           -- number of its latest change, in the order of commits: whoever matches follows it
    kind       text   not null,
    value      text   not null,           -- as observable.Key has it
    folded     text   not null,           -- value, names and sources in lower case: what search looks in
    standing   text   not null,           -- alive, or the state that no clock will change
    tlp        bigint not null,
    confidence bigint not null,
    since      bigint not null default 0, -- UTC microseconds
    until      bigint not null default 0, -- 0 is for ever
    said       bigint not null default 0, -- the latest claim: the order of lists
    sighted    bigint not null default 0, -- last, by us
    sightings  bigint not null default 0, -- log lines
    places     bigint not null default 0, -- machines
    sources    bigint not null default 0, -- who filed it
    denied     text   not null default '', -- who calls it a false positive, a line each
    body       text   not null            -- indicators.Held
);
