create table tenant (
    id text primary key,                       -- the slug: folder, URL and metric label
    name text not null,
    created_at text not null
) strict;

create table user (
    id integer primary key,
    tenant_id text not null references tenant (id) on delete cascade,
    email text not null unique collate nocase,
    name text not null,
    password_hash text not null,
    role text not null check (role in ('owner', 'admin', 'agent', 'viewer')),
    disabled_at text,
    signed_out_at text,                        -- tokens issued before this are refused
    created_at text not null
) strict;
create index user_tenant on user (tenant_id);

create table session (
    id text primary key,                       -- sha-256 of the cookie's token
    user_id integer not null references user (id) on delete cascade,
    created_at text not null,
    expires_at text not null
) strict;
create index session_expiry on session (expires_at);

create table signing_key (
    kid text primary key,
    sealed_private_pem blob not null,
    public_pem text not null,
    created_at text not null,
    retired_at text
) strict;

create table revoked_token (
    jti text primary key,
    expires_at text not null
) strict;

create table sign_in_failure (
    id integer primary key,
    subject text not null,                     -- 'email:…' or 'address:…', hashed
    failed_at text not null
) strict;
create index sign_in_failure_subject on sign_in_failure (subject, failed_at);
