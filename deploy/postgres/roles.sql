-- The roles of Votekin's database, with least rights: the owner migrates, the application reads and writes rows.
-- Run as the superuser; safe to repeat:
--   psql -v database=votekin -v owner_password=… -v app_password=… -f roles.sql
-- Timeouts are the roles' own: PgBouncer in transaction mode drops a client's connection options.

SELECT 'CREATE ROLE votekin_owner LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'votekin_owner') \gexec
SELECT 'CREATE ROLE votekin_app LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'votekin_app') \gexec
ALTER ROLE votekin_owner PASSWORD :'owner_password';
ALTER ROLE votekin_app PASSWORD :'app_password';

-- A migration that waits for a lock gives up before requests pile up behind it.
ALTER ROLE votekin_owner SET lock_timeout = '5s';
ALTER ROLE votekin_app SET statement_timeout = '60s';
-- A page that waits for a lock fails within three seconds; jobs are retried.
ALTER ROLE votekin_app SET lock_timeout = '2s';
ALTER ROLE votekin_app SET idle_in_transaction_session_timeout = '30s';

SELECT format('CREATE DATABASE %I OWNER votekin_owner', :'database')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO votekin_app;
\connect :"database"
ALTER SCHEMA public OWNER TO votekin_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO votekin_app;
ALTER DEFAULT PRIVILEGES FOR ROLE votekin_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO votekin_app;
ALTER DEFAULT PRIVILEGES FOR ROLE votekin_owner IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO votekin_app;
