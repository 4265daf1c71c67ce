-- A passage's score is now the chance that it answers. A least score chosen on the old scale means nothing on
-- it, so the default (0.5: as likely as not) holds again until the owner chooses anew.
update setting set value = json_remove(value, '$.evidence') where name = 'policy';
