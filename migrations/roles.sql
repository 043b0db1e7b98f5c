-- The roles of a production database on PostgreSQL: who may do what to which table. docs/operations.md says who uses which.
--
-- Run it in the service's database as a superuser, after the first migration and after every later one. It can be run
-- again at any time: whatever was granted to these roles before and does not stand here is taken back.

DO $$
DECLARE
  one text;
BEGIN
  FOREACH one IN ARRAY ARRAY['sluice_owner', 'sluice_app', 'sluice_sequencer', 'sluice_reader'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = one) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS', one);
    END IF;
  END LOOP;
END $$;

ALTER ROLE sluice_app LOGIN;
ALTER ROLE sluice_sequencer LOGIN;
ALTER ROLE sluice_reader LOGIN;

-- Nobody makes anything here but the owner: no table, no function, and no temporary table that a trigger could mistake
-- for one of ours.
DO $$
DECLARE
  one regclass;
  called regprocedure;
BEGIN
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO sluice_owner, sluice_app, sluice_sequencer, sluice_reader',
    current_database());
  FOR one IN SELECT oid::regclass FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') LOOP
    EXECUTE format('ALTER TABLE %s OWNER TO sluice_owner', one);
  END LOOP;
  FOR called IN SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = 'public'::regnamespace LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO sluice_owner', called);
    EXECUTE format('ALTER FUNCTION %s SET search_path = pg_catalog, public, pg_temp', called);
  END LOOP;
END $$;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO sluice_owner;
GRANT USAGE ON SCHEMA public TO sluice_app, sluice_sequencer, sluice_reader;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, sluice_app, sluice_sequencer, sluice_reader;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC, sluice_app, sluice_sequencer, sluice_reader;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC, sluice_app, sluice_sequencer, sluice_reader;

-- For inspectors and the doctor: everything may be read, nothing written.
GRANT SELECT ON ALL TABLES IN SCHEMA public TO sluice_reader, sluice_app;

-- For `sluice ledger sequence`: it writes heartbeats, puts entries into the tree, signs, and sees no table but the
-- ledger's; of webhooks only who is to be told of an entry.
GRANT SELECT ON alembic_version, ledger_event, ledger_pending, ledger_leaf, ledger_node, ledger_head, ledger_checkpoint,
  ledger_cosignature TO sluice_sequencer;
GRANT INSERT ON ledger_pending, ledger_leaf, ledger_node, ledger_head, ledger_checkpoint, ledger_cosignature
  TO sluice_sequencer;
GRANT UPDATE (size, frontier) ON ledger_head TO sluice_sequencer;
GRANT DELETE ON ledger_pending TO sluice_sequencer;
GRANT SELECT (id, events, active) ON webhook TO sluice_sequencer;
GRANT INSERT ON outbox TO sluice_sequencer;

-- An entry's number and time are the database's own, and whoever writes one has its columns compared with its bytes.
GRANT INSERT (canon, leaf_hash, type, subject_kind, subject_id, rev) ON ledger_event TO sluice_sequencer;
GRANT EXECUTE ON FUNCTION sluice_tells TO sluice_sequencer;

-- For the service, which puts entries into the tree and signs whenever somebody waits for a proof. Rows of the tables
-- whose triggers keep them are only ever added, of all others changed too; removed only where the service removes any.
GRANT sluice_sequencer TO sluice_app;
DO $$
DECLARE
  one regclass;
BEGIN
  FOR one IN SELECT oid::regclass FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
    AND relname NOT LIKE 'ledger%' AND relname <> 'alembic_version'
  LOOP
    EXECUTE format('GRANT INSERT ON %s TO sluice_app', one);
    IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = one AND tgname LIKE '%keeps_rows') THEN
      EXECUTE format('GRANT UPDATE ON %s TO sluice_app', one);
    END IF;
  END LOOP;
END $$;
GRANT DELETE ON interest, person_identity, person_role, seat, vote, reply, outbox, password, web_session, sign_in_attempts
  TO sluice_app;
