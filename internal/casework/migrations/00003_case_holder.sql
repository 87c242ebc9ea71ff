-- +goose Up
create index casework_case_holder on casework_case (holder) where state <> 'closed';
