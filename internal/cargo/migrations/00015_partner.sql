-- +goose Up
-- What a partner state said of a consignment, under an agreement. It goes when its record does.
create table cargo_partner (
    master text not null, -- eleven digits
    record text not null,
    house  text not null, -- as it is compared; '' is the whole waybill
    body   text not null, -- Warning
    primary key (master, record)
);
