-- +goose Up
create table funds_entry (
    id       text   not null primary key,
    version  bigint not null,
    kind     text   not null,            -- declaration, report, transaction, payment, told
    state    text   not null default '', -- refused: kept, and counts for nothing
    ref      text   not null default '', -- what its filer calls it
    report   text   not null,            -- the filed report it stands in
    happened bigint not null,            -- when the money moved, UTC microseconds
    filed    bigint not null,            -- when it was filed
    folded   text   not null default '', -- reference and names in lower case: what search looks in
    body     text   not null             -- Entry
);
