-- Who asked for a subscription last: whoever may no longer search its types is told nothing more.
alter table subscription_state add column owner text; -- account or client id; null: loaded, nobody asked
