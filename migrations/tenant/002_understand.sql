create index article_updated on article (updated_at);

-- a tenant's own intents, beside the five
create table intent (
    id integer primary key,
    name text not null unique,
    handling text not null default 'usual' check (handling in ('usual', 'escalate', 'auto')),
    created_at text not null,
    updated_at text not null
) strict;

create table intent_example (
    id integer primary key,
    intent_id integer references intent (id) on delete cascade,  -- null: it belongs to none of them
    message_id integer references message (id) on delete set null,
    text text not null unique,
    vector blob,                               -- float32 × 384; null until it is encoded
    created_at text not null
) strict;
create index intent_example_intent on intent_example (intent_id);

-- what was learnt from examples or corrections: the newest of a kind that was accepted is used
create table head (
    id integer primary key,
    kind text not null check (kind in ('intents', 'corrections')),
    encoder text not null,                     -- made for the vectors of this version only
    basis integer not null,                    -- the version of the examples or corrections it was learnt from
    accepted integer not null check (accepted in (0, 1)),
    report text not null,                      -- JSON
    arrays blob not null,                      -- an npz without pickles
    created_at text not null
) strict;
create index head_kind on head (kind, id);

-- what a person says of a message that was understood otherwise, or rightly
create table correction (
    message_id integer primary key references message (id) on delete cascade,
    turn_id integer references turn (id) on delete set null,
    text text not null,
    vector blob,
    said text not null,                        -- JSON Judgement: what was understood
    meant text not null,                       -- JSON Judgement: what a person says
    user_id integer,
    created_at text not null
) strict;
create index correction_created on correction (created_at);
