alter table conversation add column window_ends_at text;   -- until when the platform takes the assistant's answer; null: it has no window
create index conversation_window on conversation (window_ends_at) where window_ends_at is not null;
