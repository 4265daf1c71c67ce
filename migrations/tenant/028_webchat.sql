-- who writes in the chat on the shop's own site: nothing of themselves, only how they are known again
create table visitor (
    id integer primary key,
    channel_id integer not null references channel (id) on delete cascade,
    external_id text not null,                 -- the contact's id on the channel
    digest blob not null unique,               -- sha-256 of the key that their browser keeps
    network blob,                              -- keyed hash of where they came from, to throttle by
    introduced_at text,                        -- when they said who they are
    allowance real not null,                   -- requests they may make at once, at refilled_at
    refilled_at text not null,
    created_at text not null,
    expires_at text not null,
    unique (channel_id, external_id)
) strict;
create index visitor_created on visitor (channel_id, created_at);
create index visitor_expires on visitor (expires_at);

-- a file on its way: from when a visitor chose it until the message that it belongs to is kept
create table upload (
    id integer primary key,
    visitor_id integer not null references visitor (id) on delete cascade,
    ref text not null unique,
    name text not null,
    media_type text not null,
    content blob not null,
    created_at text not null
) strict;
