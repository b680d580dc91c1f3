-- +goose Up
create table fact (
	id       text primary key,
	kind     text not null,
	casefile text not null, -- the id of a case, '' when there is none
	day      text not null  -- no finer than a day
);
create index fact_kind on fact (kind, day);
create index fact_casefile on fact (casefile);
create table fact_code (
	fact text not null references fact (id),
	name text not null,
	code text not null,
	primary key (fact, name)
);
