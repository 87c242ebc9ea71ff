-- A row of SQLite's is found at once by a whole number that is its primary key, and only if it is said so; by any other
-- key it is looked up twice.
-- +goose Up
create table links_person_keyed (
    person INTEGER primary key,
    near   BIGINT not null,
    body   BYTEA  not null
);
insert into links_person_keyed select person, near, body from links_person order by person;
drop table links_person;
alter table links_person_keyed rename to links_person;

create table links_value_keyed (
    value  INTEGER primary key,
    kind   TEXT   not null,
    mask   TEXT   not null,
    common BIGINT not null,
    people BYTEA  not null
);
insert into links_value_keyed select value, kind, mask, common, people from links_value order by value;
drop table links_value;
alter table links_value_keyed rename to links_value;

create table links_trip_keyed (
    trip   INTEGER primary key,
    person BIGINT not null,
    digest BIGINT not null
);
insert into links_trip_keyed select trip, person, digest from links_trip order by trip;
drop table links_trip;
alter table links_trip_keyed rename to links_trip;
