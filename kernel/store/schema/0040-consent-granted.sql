-- Who was granted something by name: persons whose permission a reader's lists must look for.
create index consent_rule_granted on consent_rule using gin (actors) where permit and actors is not null;
