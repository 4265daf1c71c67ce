-- Conversations are private messages (thread '') or what one contact says under one post; a contact may have
-- several names on a channel; what is owed to the outside is of several kinds. Foreign keys are off while this
-- runs and checked at its end.

create table conversation_new (
    id integer primary key,
    channel_id integer not null references channel (id) on delete cascade,
    contact_id integer not null references contact (id) on delete cascade,
    thread text not null default '',           -- the platform's id of the post; '': private messages
    thread_title text,                         -- what the post says
    thread_url text,
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
    unique (channel_id, contact_id, thread)
) strict;
insert into conversation_new (id, channel_id, contact_id, state, escalation_reason, owner_id, version, unread,
    intent, mood, urgency, preview, last_message_at, last_contact_message_at, answer_due_at, waiting_since,
    claimed_until, read_watermark, delivered_watermark, created_at)
select id, channel_id, contact_id, state, escalation_reason, owner_id, version, unread,
    intent, mood, urgency, preview, last_message_at, last_contact_message_at, answer_due_at, waiting_since,
    claimed_until, read_watermark, delivered_watermark, created_at from conversation;
drop table conversation;
alter table conversation_new rename to conversation;
create index conversation_due on conversation (answer_due_at) where answer_due_at is not null;
create index conversation_recent on conversation (last_message_at desc, id desc);
create index conversation_contact on conversation (contact_id);

create table outbox_new (
    id integer primary key,
    kind text not null check (kind in ('reply', 'moderate', 'crm', 'alert', 'webhook')),
    lane text not null,                        -- items of one lane go one at a time, in order
    channel_id integer references channel (id) on delete cascade,
    conversation_id integer references conversation (id) on delete cascade,
    reply_id integer references reply (id) on delete cascade,
    message_id integer references message (id) on delete cascade,   -- ours on its way, or the one that is moderated
    key text not null unique,                  -- travels with it where it can, so that an echo proves it arrived
    text text not null default '',
    payload text not null default '{}',        -- JSON, what the kind needs besides
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
    sent_at text,
    check (kind != 'reply' or (channel_id is not null and conversation_id is not null
        and reply_id is not null and message_id is not null)),
    check (kind != 'moderate' or (channel_id is not null and conversation_id is not null and message_id is not null))
) strict;
insert into outbox_new (id, kind, lane, channel_id, conversation_id, reply_id, message_id, key, text, state,
    attempts, due_at, lease_until, started_at, in_doubt, checks, external_id, error, error_code, created_at, sent_at)
select id, kind, 'conversation/' || conversation_id, channel_id, conversation_id, reply_id, message_id, key, text,
    state, attempts, due_at, lease_until, started_at, in_doubt, checks, external_id, error, error_code, created_at,
    sent_at from outbox;
drop table outbox;
alter table outbox_new rename to outbox;
create index outbox_due on outbox (due_at) where state in ('queued', 'sending', 'unknown');
create index outbox_state on outbox (state, id);
create index outbox_lane on outbox (lane, id) where state in ('queued', 'sending', 'unknown');
create index outbox_conversation on outbox (conversation_id, id);
create index outbox_external on outbox (external_id) where external_id is not null;

alter table message add column private integer not null default 0;   -- said in private to somebody who commented
alter table message add column hidden_at text;             -- a comment that others do not see
alter table message add column closed text;                -- why the platform lets nobody answer it
alter table message add column forget_at text;             -- when the platform's terms want its words gone
alter table message add column forgotten_at text;
create index message_forget on message (forget_at) where forget_at is not null;

alter table reply add column private integer not null default 0;     -- to a comment: by private message

alter table event add column source text not null default 'webhook' check (source in ('webhook', 'poll'));
alter table event add column recovered integer not null default 0;   -- messages that no webhook had brought

alter table channel add column token_expires_at text;      -- null: never, or not told
alter table channel add column refresh_due_at text;        -- when its token is renewed next
alter table channel add column poll_cursor text;
alter table channel add column poll_due_at text;           -- null: it is not polled
alter table channel add column polled_at text;
alter table channel add column poll_error text;
create index channel_poll on channel (poll_due_at) where poll_due_at is not null;
create index channel_refresh on channel (refresh_due_at) where refresh_due_at is not null;

-- a file that came with a message: fetched once, kept in the tenant's own file so that a backup misses nothing
create table blob (
    id integer primary key,
    message_id integer not null references message (id) on delete cascade,
    position integer not null,                 -- which of the message's attachments
    state text not null default 'waiting' check (state in ('waiting', 'kept', 'refused')),
    reason text,                               -- why it was refused
    media_type text,                           -- found by its content
    content blob,
    tries integer not null default 0,
    due_at text,
    unique (message_id, position)
) strict;
create index blob_due on blob (due_at) where due_at is not null;

-- two contacts that are one person, joined by a person of the team; what is needed to part them again
create table contact_merge (
    id integer primary key,
    survivor_id integer not null references contact (id) on delete cascade,
    gone text not null,                        -- JSON: the contact that was joined, and what was its own
    user_id integer,
    merged_at text not null,
    undone_at text
) strict;
create index contact_merge_survivor on contact_merge (survivor_id);

-- pairs that a person said are two people
create table contact_apart (
    one_id integer not null references contact (id) on delete cascade,
    other_id integer not null references contact (id) on delete cascade,
    primary key (one_id, other_id)
) strict, without rowid;
