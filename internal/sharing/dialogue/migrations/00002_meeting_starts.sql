-- +goose Up
create index dialogue_meeting_starts on dialogue_meeting (starts, id);
