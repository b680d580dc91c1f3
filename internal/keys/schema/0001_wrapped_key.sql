-- +goose Up
-- The key store is a database of its own, with an order of its own. No key stands here but wrapped by the master key.
create table master (
	one bigint primary key check (one = 1),
	fingerprint text not null, -- of the master key that every key here is wrapped by
	since text not null
);
create table wrapped_key (
	kind text not null, -- case, or root
	id text not null,
	wrapped bytea not null,
	in_use bigint not null, -- 1 once a row was seen that needs it; such a key is never swept
	made_at text not null,
	primary key (kind, id)
);
create table destroyed_key (
	id text primary key,
	destroyed_at text not null
);
