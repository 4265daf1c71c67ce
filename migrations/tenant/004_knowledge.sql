alter table article add column language text not null default '';   -- ISO code; '' until it is indexed, or not told apart
alter table article add column valid_from text;            -- answers from here …
alter table article add column valid_until text;           -- … until here, and never outside
alter table article add column origin text not null default 'text' check (origin in ('text', 'file', 'url'));
alter table article add column url text;                   -- the web page it was read from
alter table article add column owner_id integer;           -- the user who looks after it
alter table article add column gone_at text;               -- since when its web page is not there any more
create index article_validity on article (valid_from, valid_until)
    where valid_from is not null or valid_until is not null;
create index article_url on article (url) where url is not null;

-- vectors of texts that an article had before it was changed, until it is indexed again
create table spare_vector (
    article_id integer not null references article (id) on delete cascade,
    digest blob not null,                      -- sha-256 of the text
    vector blob not null,
    primary key (article_id, digest)
) strict, without rowid;

-- a web page, or a whole web site, that the tenant's knowledge is read from
create table site (
    id integer primary key,
    url text not null unique,
    whole integer not null check (whole in (0, 1)),        -- 0: this page only
    state text not null default 'waiting' check (state in ('waiting', 'reading', 'done', 'failed')),
    every_hours integer,                       -- null: only when a person asks
    due_at text,                               -- when the next page, or the next reading, is due
    lease_until text,
    robots text,                               -- its robots.txt in this reading; null: not asked yet
    error text,
    owner_id integer,
    created_at text not null,
    started_at text,
    read_at text                               -- when a reading last ended well
) strict;
create index site_due on site (due_at) where due_at is not null;

create table site_page (
    id integer primary key,
    site_id integer not null references site (id) on delete cascade,
    url text not null,
    depth integer not null,
    state text not null default 'waiting'
        check (state in ('waiting', 'read', 'unchanged', 'skipped', 'failed', 'gone')),
    reason text,
    article_id integer references article (id) on delete set null,
    digest blob,                               -- the article's as this page left it: another one was edited by a person
    body_digest blob,
    etag text,
    last_modified text,
    checked_at text,
    unique (site_id, url)
) strict;
create index site_page_waiting on site_page (site_id, depth, id) where state = 'waiting';
create index site_page_article on site_page (article_id);

-- what customers asked and nothing in the knowledge answered: questions alike are one gap
create table gap (
    id integer primary key,
    question text not null,                    -- the first one asked
    vector blob not null,
    state text not null default 'open' check (state in ('open', 'answered', 'dismissed')),
    article_id integer references article (id) on delete set null,  -- written to answer it
    created_at text not null,
    closed_at text
) strict;
create index gap_state on gap (state);

create table gap_question (
    turn_id integer primary key references turn (id) on delete cascade,
    gap_id integer not null references gap (id) on delete cascade,
    conversation_id integer not null references conversation (id) on delete cascade,
    text text not null,
    why text not null check (why in ('unanswered', 'by a person')),
    asked_at text not null
) strict;
create index gap_question_gap on gap_question (gap_id, asked_at);

-- a question and a person's answer that could become an article, once a person approves it
create table faq_candidate (
    id integer primary key,
    message_id integer not null unique references message (id) on delete cascade,  -- the answer
    conversation_id integer not null references conversation (id) on delete cascade,
    question text not null,
    answer text not null,
    removed text not null,                     -- JSON list: what was taken out, by its kind
    state text not null default 'waiting' check (state in ('waiting', 'approved', 'rejected')),
    article_id integer references article (id) on delete set null,
    user_id integer,                           -- who decided
    created_at text not null,
    decided_at text
) strict;
create index faq_candidate_state on faq_candidate (state, id);

-- how far a conversation was looked through for them
create table mined (
    conversation_id integer primary key references conversation (id) on delete cascade,
    message_id integer not null
) strict;

-- two sentences that say different numbers of the same thing
create table contradiction (
    id integer primary key,
    digest blob not null unique,               -- of both sentences: what was dismissed is not reported again
    article_id integer not null references article (id) on delete cascade,
    sentence text not null,
    other_id integer not null references article (id) on delete cascade,
    other_sentence text not null,
    state text not null default 'open' check (state in ('open', 'dismissed')),
    found_at text not null
) strict;
create index contradiction_article on contradiction (article_id);
create index contradiction_other on contradiction (other_id);
alter table article add column compared_at text;           -- when it was compared with the others, as it is now
