-- Ids of one millisecond do not sort by age: the order within a subject is that of seq, which follows the commits.
-- A parked row has been given up, is kept for a while and holds up nothing.

alter table outbox add column seq bigint not null generated always as identity;
alter table outbox add column fault text;
alter table outbox add column parked_instant bigint;
drop index outbox_due;
drop index outbox_subject;
create index outbox_due on outbox (queue, due, seq) where parked_instant is null;
create index outbox_subject on outbox (queue, subject, seq) where parked_instant is null;
create index outbox_parked on outbox (queue, parked_instant) where parked_instant is not null;
