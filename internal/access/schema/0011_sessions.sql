-- +goose Up
-- Of whatever opens something, a token or a code, only a hash is kept.
create table session (
	id text primary key,
	token bytea not null unique,
	person text not null references person (id),
	stage text not null,
	strong bigint not null,
	pass text not null default '',
	body bytea not null,
	made_at text not null,
	seen_at text not null,
	ends_at text not null,
	locked_at text not null default '',
	tries bigint not null default 0,
	ended_at text not null default '',
	ended_why text not null default ''
);
create index session_person on session (person, ended_at, id);

create table recovery_code (
	code bytea primary key,
	person text not null references person (id),
	made_at text not null,
	used_at text not null default ''
);
create index recovery_code_person on recovery_code (person);

create table pass (
	id text primary key,
	person text not null references person (id),
	team text not null,
	code bytea not null,
	body bytea not null,
	made_at text not null,
	made_by text not null,
	ends_at text not null,
	used_at text not null default '',
	ended_at text not null default '',
	reviewed_at text not null default '',
	reviewed_by text not null default ''
);
create index pass_person on pass (person, ends_at);
create index pass_review on pass (reviewed_at, id);

create table device (
	token bytea primary key,
	person text not null references person (id),
	made_at text not null
);
create index device_person on device (person);

-- What was guessed, and from where, stands here as a blind index only.
create table brake (
	guessed bytea primary key,
	level bigint not null,
	last_at text not null
);
create index brake_last on brake (last_at);
