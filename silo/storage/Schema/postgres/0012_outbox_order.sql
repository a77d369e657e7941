-- An entry that was never put off has due 0 and stands in the order of numbers, so only those that were are found by their subject.
-- What is here already counts as put off until now.
alter table outbox add column not_before bigint;
drop index outbox_subject;
create index outbox_subject on outbox (queue, subject, seq) where parked_instant is null and due > 0;
