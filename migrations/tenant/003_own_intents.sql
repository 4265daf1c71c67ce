-- which of a tenant's own intents a person said a message is
create index intent_example_message on intent_example (message_id) where message_id is not null;
