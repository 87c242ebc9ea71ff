-- +goose Up
create table facilitation_interview (
    day         text not null,             -- YYYY-MM-DD
    hall        text not null,
    application text not null,
    primary key (day, hall, application)
);
