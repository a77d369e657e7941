-- Who waits to be verified is found without looking at everybody else. Registrations from before this script say nothing
-- until they are written again.

alter table user_registration add column verified integer;
create index user_search_unverified on user_search (tenant_id, insert_instant, id) where verified = false and email is not null;
create index user_registration_unverified on user_registration (application_id, insert_instant, user_id) where verified = false;
