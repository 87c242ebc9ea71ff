-- +goose Up
create table sharing_record (
    id         text    not null primary key,
    thread     text    not null,
    message    text    not null,
    agreement  text    not null,
    version    bigint  not null,
    digest     text    not null,
    share      text    not null,
    direction  text    not null,
    partner    text    not null,
    purpose    text    not null,
    reference  text    not null,
    fields     text    not null,
    tlp        text    not null,
    caveats    text    not null,
    state      text    not null,
    stored_at  bigint  not null,
    erase_at   bigint  not null,
    review_at  bigint  not null,
    erased_at  bigint  not null,
    cause      text    not null,
    proof      text    not null
);
