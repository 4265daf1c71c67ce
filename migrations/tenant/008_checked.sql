alter table turn add column checked text not null default '[]';   -- JSON: each sentence of the reply, its evidence
