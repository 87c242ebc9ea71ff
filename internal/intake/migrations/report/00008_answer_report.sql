-- +goose Up
create index intake_answer_report on intake_answer (report) where report <> '';
