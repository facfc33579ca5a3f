-- Rates by who saw the card: whoever overrides nearly everything is talked to, or the rule is at fault.
alter table decisions.card add column practitioner text not null default '';   -- Practitioner id; '' = none, or not known

create index card_rule on decisions.card (rule, shown_at);
