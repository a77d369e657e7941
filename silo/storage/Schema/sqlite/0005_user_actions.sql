-- Actions that were taken on users. A row with a due is not over yet: someone has to note its end at that time.
create table user_action_log (
  id blob not null primary key,
  tenant_id blob not null,
  user_id blob not null,
  prevents_login integer not null,
  body blob not null,
  due integer,
  insert_instant integer not null
);
create index user_action_log_user on user_action_log (user_id, insert_instant, id);
create index user_action_log_tenant on user_action_log (tenant_id);
create index user_action_log_due on user_action_log (due) where due is not null;
