-- the business's CRMs, how each lead stands there, and every change that was made

create table crm (
    id integer primary key,
    kind text not null,
    external_id text not null,                 -- the account, as the CRM names it
    name text not null,
    config text not null,                      -- JSON, fields that are no secrets
    fields text not null default '{}',         -- JSON: our field → theirs, where it is not the usual one; '': left out
    state text not null default 'active' check (state in ('active', 'reauthorise', 'paused')),
    state_reason text,
    token_expires_at text,
    created_at text not null,
    unique (kind, external_id)
) strict;

create table crm_link (
    crm_id integer not null references crm (id) on delete cascade,
    contact_id integer not null references contact (id) on delete cascade,
    record_id text not null,
    url text,
    told text not null default '{}',           -- JSON: their field → what we wrote last
    told_at text not null,
    gone_at text,                              -- deleted there: it is not made again
    primary key (crm_id, contact_id)
) strict, without rowid;
create index crm_link_contact on crm_link (contact_id);

create table crm_change (
    id integer primary key,
    crm_id integer not null references crm (id) on delete cascade,
    contact_id integer not null references contact (id) on delete cascade,
    at text not null,
    why text not null,                         -- the event
    what text not null check (what in ('created', 'updated', 'task', 'note')),
    record_id text not null,
    fields text not null default '{}'          -- JSON: their field → [before, after]
) strict;
create index crm_change_contact on crm_change (contact_id, id);
