create table setting (
    name text primary key,
    value text not null                        -- JSON
) strict;

create table secret (
    name text primary key,                     -- 'channel/<id>'
    sealed blob not null
) strict;

create table channel (
    id integer primary key,
    platform text not null,
    external_id text not null,                 -- the page's id on the platform
    name text not null,
    config text not null,                      -- JSON, the fields that are not secret
    mode text not null default 'draft' check (mode in ('draft', 'auto')),
    auto_intents text not null default '["sales", "support", "inquiry"]',
    state text not null default 'active' check (state in ('active', 'reauthorise', 'paused')),
    state_reason text,
    last_event_at text,
    created_at text not null,
    unique (platform, external_id)
) strict;

create table event (
    id integer primary key,
    platform text not null,
    digest blob not null unique,               -- sha-256 of platform and body: a redelivery is kept once
    body blob not null,
    state text not null default 'received' check (state in ('received', 'processed', 'dead', 'discarded')),
    error text,
    trace_id text not null,
    received_at text not null,
    processed_at text
) strict;
create index event_state on event (state, id) where state in ('received', 'dead');

create table contact (
    id integer primary key,
    name text,
    email text,
    phone text,
    profile text not null default '{}',        -- JSON as the platform gave it
    profile_due_at text,
    created_at text not null
) strict;
create index contact_profile_due on contact (profile_due_at) where profile_due_at is not null;

create table identity (
    id integer primary key,
    contact_id integer not null references contact (id) on delete cascade,
    channel_id integer not null references channel (id) on delete cascade,
    external_id text not null,
    unique (channel_id, external_id)
) strict;
create index identity_contact on identity (contact_id);

create table conversation (
    id integer primary key,
    channel_id integer not null references channel (id) on delete cascade,
    contact_id integer not null references contact (id) on delete cascade,
    state text not null default 'open' check (state in ('open', 'escalated', 'resolved')),
    escalation_reason text,
    owner_id integer,                          -- the user who took it over (0: on the platform itself)
    version integer not null default 0,        -- counts what changes an answer: messages, edits, decisions of a person
    unread integer not null default 0,
    intent text,
    mood text,
    urgency text,
    preview text not null default '',
    last_message_at text not null,
    last_contact_message_at text,              -- opens the reply window
    answer_due_at text,                        -- null: nothing to answer
    waiting_since text,                        -- the first message of the burst to answer
    claimed_until text,
    read_watermark text,
    delivered_watermark text,
    created_at text not null,
    unique (channel_id, contact_id)
) strict;
create index conversation_due on conversation (answer_due_at) where answer_due_at is not null;
create index conversation_recent on conversation (last_message_at desc, id desc);

create table message (
    id integer primary key,
    conversation_id integer not null references conversation (id) on delete cascade,
    external_id text,                          -- null until the platform has accepted ours
    author text not null check (author in ('contact', 'assistant', 'user')),
    user_id integer,                           -- null for a person who wrote on the platform itself
    kind text not null,
    text text not null,
    payload text,
    attachments text not null default '[]',    -- JSON
    reply_to text,                             -- external id of the message it answers
    reply_id integer references reply (id),
    event_id integer references event (id),
    trace_id text,
    answered_at text,                          -- when a turn took it in
    sent_at text not null,
    edited_at text,
    deleted_at text,
    delivered_at text,
    read_at text,
    reaction text,
    created_at text not null,
    unique (conversation_id, external_id)
) strict;
create index message_conversation on message (conversation_id, sent_at, id);
create index message_external on message (external_id) where external_id is not null;

create table edit (
    id integer primary key,
    message_id integer not null references message (id) on delete cascade,
    old_text text not null,
    edited_at text not null
) strict;

create table turn (
    id integer primary key,
    conversation_id integer not null references conversation (id) on delete cascade,
    message_id integer not null references message (id) on delete cascade,  -- the last one it answers
    trace_id text not null,
    triage text not null,                      -- JSON Triage
    outcome text not null check (outcome in ('draft', 'auto', 'escalated', 'silent')),
    reasons text not null,                     -- JSON list of plain sentences
    sources text not null,                     -- JSON
    lead_score integer not null,
    lead_temperature text not null,
    model_versions text not null,              -- JSON
    stage_ms text not null,                    -- JSON
    created_at text not null
) strict;
create index turn_conversation on turn (conversation_id, id);

create table reply (
    id integer primary key,
    conversation_id integer not null references conversation (id) on delete cascade,
    turn_id integer references turn (id) on delete set null,  -- null when a person wrote it
    author text not null check (author in ('assistant', 'user')),
    user_id integer,                           -- who wrote or approved it
    state text not null check (state in ('draft', 'approved', 'sent', 'rejected', 'superseded', 'failed')),
    text text not null,
    original_text text not null,
    version integer not null,                  -- the conversation's, when it was written
    edited_at text,
    created_at text not null,
    approved_at text,
    sent_at text
) strict;
create index reply_conversation on reply (conversation_id, id);
create unique index reply_one_draft on reply (conversation_id) where state = 'draft';

create table outbox (
    id integer primary key,
    kind text not null check (kind in ('reply')),
    channel_id integer not null references channel (id) on delete cascade,
    conversation_id integer not null references conversation (id) on delete cascade,
    reply_id integer not null references reply (id) on delete cascade,
    message_id integer not null references message (id) on delete cascade,
    key text not null unique,                  -- travels with the message, so that an echo proves it arrived
    text text not null,
    state text not null default 'queued' check (state in ('queued', 'sending', 'sent', 'unknown', 'dead', 'discarded')),
    attempts integer not null default 0,
    due_at text not null,
    lease_until text,
    started_at text,                           -- when the first attempt left: how far back to look for it
    in_doubt integer not null default 0,       -- an attempt may have arrived: ask before sending again
    checks integer not null default 0,         -- how often that was asked in vain
    external_id text,
    error text,
    error_code text,
    created_at text not null,
    sent_at text
) strict;
create index outbox_due on outbox (due_at) where state in ('queued', 'sending', 'unknown');
create index outbox_state on outbox (state, id);
create index outbox_conversation on outbox (conversation_id, id);

create table lead (
    contact_id integer primary key references contact (id) on delete cascade,
    score integer not null,
    temperature text not null check (temperature in ('hot', 'warm', 'cold')),
    intent text not null,
    reasons text not null,                     -- JSON list of plain sentences
    source text not null,                      -- the platform it came from
    conversation_id integer not null references conversation (id) on delete cascade,
    converted_at text,
    created_at text not null,
    updated_at text not null
) strict;
create index lead_score on lead (score desc, contact_id);

create table activity (
    id integer primary key,
    conversation_id integer not null references conversation (id) on delete cascade,
    user_id integer,                           -- null: the hub itself
    kind text not null,
    text text not null,
    created_at text not null
) strict;
create index activity_conversation on activity (conversation_id, id);

create table article (
    id integer primary key,
    title text not null,
    kind text not null,
    text text not null,
    source text not null,
    digest blob not null unique,               -- sha-256 of kind, title and text: the same article is added once
    indexed_at text,                           -- null until its chunks can be found
    index_error text,
    created_at text not null,
    updated_at text not null
) strict;

create table chunk (
    id integer primary key,
    article_id integer not null references article (id) on delete cascade,
    position integer not null,
    heading text not null,
    question text,
    text text not null,
    sentences text not null,                   -- JSON list: `text` cut into sentences, in order
    vectors blob not null                      -- float32, 384 a row: the whole, each sentence, the question
) strict;
create index chunk_article on chunk (article_id, position);

-- title, heading, question and text together: what a word can be found by
create virtual table chunk_word using fts5 (words, tokenize = 'porter unicode61 remove_diacritics 2');
create virtual table chunk_vector using vec0 (embedding float[384]);
