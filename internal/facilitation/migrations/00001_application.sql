-- +goose Up
create table facilitation_application (
    id      text   not null primary key,
    version bigint not null,
    kind    text   not null,            -- membership, authorisation, redress, vetting
    state   text   not null,
    ref     text   not null,            -- by which its applicant knows it
    number  text   not null default '', -- of the membership, permit or redress it led to
    thread  text   not null default '', -- of the exchange: the question about it
    folded  text   not null default '', -- reference, number, names and document in lower case: what search looks in
    filed   bigint not null,            -- UTC microseconds
    ended   bigint not null default 0,  -- when it came to a state from which nothing follows by itself
    ahead   bigint not null,            -- 1: lists that change may concern it
    waits   bigint not null,            -- 1: somebody at the desk has to act; 2: a second person has
    moved   bigint not null,            -- grows with every transaction that writes applications
    body    text   not null             -- Application
);
