-- what wrote the reply of a turn; null when there was none, or when it was written before this was kept
alter table turn add column tier text check (tier in ('template', 'approved', 'extractive', 'model'));
