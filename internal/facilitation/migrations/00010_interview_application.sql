-- +goose Up
create index facilitation_interview_application on facilitation_interview (application);
