-- +goose Up
-- What a carrier asked about a person, and what it was last told. Kept by the source record that the question left, which
-- stays the same whoever the person turns out to be.
create table travel_query (
    record    text    not null primary key,
    filer     text    not null,
    report    text    not null, -- the question
    asked     bigint  not null,
    until     bigint  not null, -- an answer is good so long, and changes are told
    verdict   text    not null, -- that the carrier was last told
    told      bigint  not null, -- when
    lacking   text    not null default '', -- what must be sent before anything can be said, comma between
    turns     integer not null default 0,  -- how often it was told unasked
    unasked   text    not null default '', -- the id of the last unasked answer
    answer    bytea   not null -- CUSRES of this one person: what the next is made of
);
