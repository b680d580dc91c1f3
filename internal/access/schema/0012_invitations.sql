-- +goose Up
create table invitation (
	id text primary key,
	token bytea not null unique,
	kind text not null,
	body bytea not null,
	team text not null,
	role text not null,
	made_at text not null,
	made_by text not null,
	ends_at text not null,
	used_at text not null default '',
	used_by text not null default '',
	withdrawn_at text not null default ''
);
create index invitation_open on invitation (used_at, withdrawn_at, ends_at);

-- A colleague who lost everything is let back in by two administrators, a day after both agreed.
create table recovery (
	id text primary key,
	person text not null references person (id),
	asked_at text not null,
	asked_by text not null,
	agreed_at text not null default '',
	agreed_by text not null default '',
	ready_at text not null default '',
	token bytea,
	token_ends_at text not null default '',
	used_at text not null default '',
	stopped_at text not null default '',
	stopped_by text not null default ''
);
create unique index recovery_token on recovery (token);
create index recovery_open on recovery (used_at, stopped_at, person);

-- What somebody sent whose screen had been locked meanwhile, until they are back.
create table held (
	id text primary key,
	person text not null references person (id),
	body bytea not null,
	made_at text not null
);
create index held_person on held (person, made_at);
