-- +goose Up
create unique index casework_case_number on casework_case (number);
