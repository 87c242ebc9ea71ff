-- +goose Up
-- What came with which record of the exchange: it goes with it.
create table cyber_record (
    record  text not null,
    subject text not null, -- an indicator or an incident
    primary key (record, subject)
);
