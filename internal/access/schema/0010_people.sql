-- +goose Up
-- Names of bodies and teams are no secret. What is about a person is sealed; a person is found by a blind index.
create table organisation (
	id text primary key,
	kind text not null,
	name text not null,
	made_at text not null,
	made_by text not null
);
create table team (
	id text primary key,
	organisation text not null references organisation (id),
	name text not null,
	area text not null,
	reach text not null,
	made_at text not null,
	made_by text not null
);
create index team_organisation on team (organisation, id);

create table person (
	id text primary key,
	version bigint not null,
	body bytea not null,
	address bytea not null,
	password_version bigint not null,
	password bytea not null,
	password_at text not null,
	authenticator_version bigint not null default 0,
	authenticator bytea not null,
	authenticator_step bigint not null default 0,
	next_authenticator bytea not null,
	made_at text not null,
	made_by text not null,
	ended_at text not null default '',
	ended_by text not null default ''
);
create unique index person_address on person (address) where ended_at = '';

-- waits: counts for nothing until a second administrator agreed.
create table membership (
	id text primary key,
	person text not null references person (id),
	team text not null,
	role text not null,
	waits bigint not null,
	made_at text not null,
	made_by text not null,
	agreed_at text not null default '',
	agreed_by text not null default '',
	ended_at text not null default '',
	ended_by text not null default ''
);
create unique index membership_once on membership (person, team, role) where ended_at = '';
create index membership_team on membership (team, role) where ended_at = '';
