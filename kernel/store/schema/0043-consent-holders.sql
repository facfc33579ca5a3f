-- Who holds data is also its departments and sites (Organization.partOf): a rule names several.
alter table consent_rule add column holders int4[];  -- res.org, or that of the visit, is any of these
update consent_rule set holders = array[holder] where holder is not null;
alter table consent_rule drop column holder;
create index consent_rule_holders on consent_rule using gin (holders) where holders is not null;

-- The Consents of before are read again at the next start.
delete from consent_rule_made;
