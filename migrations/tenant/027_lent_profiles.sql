-- some platforms lend us who people are, and what they said, for hours only
alter table contact add column lent text;                  -- JSON list: 'name' and fields of the profile that are lent; null: none ever was
alter table contact add column lent_until text;
create index contact_lent on contact (lent_until) where lent_until is not null;
alter table event add column forget_at text;               -- when the platform's terms want the delivery gone
create index event_forget on event (forget_at) where forget_at is not null;
