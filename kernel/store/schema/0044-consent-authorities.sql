-- By which authorities the parts of holders were read: when content names others, the rules are made anew.
alter table consent_rule_made add column authorities text not null default '';

-- A code now means every coding that a resource is searched by: the Consents of before are read again at the next start.
delete from consent_rule_made;
