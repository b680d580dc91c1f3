-- +goose Up
-- What the owner of a record says of somebody who looked at it in one week: expected, or query. A query stays until a
-- manager has answered it. What is asked and answered is sealed.
create table look_review (
	id text primary key,
	casefile text not null references casefile (id),
	person text not null,
	week text not null,
	verdict text not null,
	by_person text not null,
	at text not null,
	version bigint not null,
	answered_at text not null default '',
	answered_by text not null default '',
	body bytea not null
);
create unique index look_review_week on look_review (casefile, person, week);
create index look_review_verdict on look_review (verdict, answered_at, casefile);

-- Two records about children who belong together: siblings, one address, one adult. Each side has a row of its own,
-- sealed with its own case's key.
create table case_link (
	id text primary key,
	casefile text not null references casefile (id),
	other text not null references casefile (id),
	why text not null,
	once text not null,
	made_at text not null,
	made_by text not null,
	ended_at text not null default '',
	ended_by text not null default '',
	body bytea not null
);
create unique index case_link_once on case_link (casefile, made_by, once);
create index case_link_case on case_link (casefile, ended_at);

-- Who was kept out of a record, since when, by whom, why, and until when. case_excluded holds what is in force.
create table case_restriction (
	id text primary key,
	casefile text not null references casefile (id),
	person text not null,
	since text not null,
	by_person text not null,
	lifted_at text not null default '',
	lifted_by text not null default '',
	body bytea not null
);
create index case_restriction_case on case_restriction (casefile, since);
