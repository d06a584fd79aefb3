"""Statements that a database must survive: writes, files, locks, sleeps, floods, smuggling, credentials."""

ANY = """
DELETE FROM orders
UPDATE orders SET amount = 0
INSERT INTO orders VALUES (99, 1, 'x')
DROP TABLE orders
CREATE TABLE evil (a int)
ALTER TABLE orders ADD COLUMN evil int
TRUNCATE TABLE orders
SELECT 1; DROP TABLE orders
SELECT 1; SELECT 2
SELECT 1;;DELETE FROM orders
WITH RECURSIVE n AS (SELECT 1 AS a UNION ALL SELECT a + 1 FROM n) SELECT count(*) FROM n
SELECT count(*) FROM orders a, orders b, orders c, orders d, orders e, orders f
SELECT * FROM orders FOR UPDATE
BEGIN
COMMIT
ROLLBACK
SET x = 1
GRANT ALL ON orders TO public
EXPLAIN DELETE FROM orders
SELECT amount FROM orders LIMIT (SELECT 1)
SELECT amount FROM orders LIMIT -1
CALL evil()
SELECT evil()
SELECT public.evil()
SELECT * FROM evil()
MERGE INTO orders USING orders o ON true WHEN MATCHED THEN DELETE
SELECT ((((((((((((((((((((1
SELECT
-- nothing
SELECT ?
SELECT :name
""".strip().splitlines()

POSTGRESQL = [*ANY, *r"""
WITH gone AS (DELETE FROM orders RETURNING *) SELECT * FROM gone
WITH new AS (INSERT INTO orders VALUES (99, 1, 'x') RETURNING *) SELECT * FROM new
WITH new AS (UPDATE orders SET amount = 0 RETURNING *) SELECT count(*) FROM new
SELECT * INTO evil FROM orders
CREATE TABLE evil AS SELECT * FROM orders
COPY orders TO '/tmp/evil'
COPY orders TO PROGRAM 'touch /tmp/evil'
COPY orders FROM '/etc/passwd'
SELECT pg_sleep(30)
SELECT pg_catalog.pg_sleep(30)
SELECT "pg_sleep"(30)
SELECT PG_SLEEP(30)
SELECT pg_sleep_for('30 seconds')
SELECT pg_sleep_until(now() + interval '1 hour')
SELECT * FROM orders WHERE pg_sleep(30) IS NULL
SELECT count(*) FROM orders ORDER BY pg_sleep(30)
SELECT 1 FROM orders GROUP BY pg_sleep(30)
SELECT CASE WHEN true THEN pg_sleep(30) END
SELECT coalesce(pg_sleep(30)::text, 'x')
SELECT * FROM LATERAL pg_sleep(30) s
SELECT * FROM orders o JOIN LATERAL pg_sleep(30) s ON true
SELECT pg_read_file('/etc/passwd')
SELECT pg_read_binary_file('/etc/passwd')
SELECT * FROM pg_read_file('/etc/passwd')
SELECT pg_ls_dir('/')
SELECT * FROM pg_ls_dir('/')
SELECT * FROM pg_stat_file('/etc/passwd')
SELECT lo_import('/etc/passwd')
SELECT lo_export(1, '/tmp/evil')
SELECT lo_create(1)
SELECT lo_from_bytea(0, 'x')
SELECT nextval('orders_seq')
SELECT setval('orders_seq', 1000)
SELECT currval('orders_seq')
SELECT set_config('transaction_read_only', 'off', false)
SELECT set_config('statement_timeout', '0', false)
SELECT current_setting('data_directory')
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
SELECT pg_cancel_backend(1)
SELECT pg_reload_conf()
SELECT pg_rotate_logfile()
SELECT pg_switch_wal()
SELECT pg_create_restore_point('x')
SELECT pg_start_backup('x')
SELECT pg_promote()
SELECT pg_advisory_lock(1)
SELECT pg_advisory_xact_lock(1)
SELECT pg_try_advisory_lock(1)
SELECT pg_notify('x', 'y')
SELECT pg_logical_emit_message(true, 'x', 'y')
SELECT pg_stat_reset()
SELECT query_to_xml('DELETE FROM orders', true, true, '')
SELECT table_to_xml('orders', true, true, '')
SELECT database_to_xml(true, true, '')
SELECT cursor_to_xml('x', 1, true, true, '')
SELECT dblink('dbname=x', 'DELETE FROM orders')
SELECT * FROM dblink('dbname=x', 'SELECT 1') AS t(a int)
SELECT dblink_exec('dbname=x', 'DELETE FROM orders')
SELECT pg_export_snapshot()
SELECT txid_current()
SELECT random()
SELECT setseed(0.1)
SELECT gen_random_uuid()
SELECT repeat('x', 1000000000)
SELECT lpad('x', 1000000000)
SELECT rpad('x', 1000000000)
SELECT * FROM generate_series(1, 1000000000)
SELECT generate_series(1, 1000000000)
SELECT array_fill(1, ARRAY[100000000])
SELECT format('%1000000000s', 'x')
SELECT regexp_replace('x', 'y', 'z')
SELECT string_to_array('x', 'y')
SELECT unnest(ARRAY[1, 2])
SELECT * FROM pg_shadow
SELECT * FROM pg_authid
SELECT rolpassword FROM pg_catalog.pg_authid
SELECT passwd FROM "pg_shadow"
SELECT * FROM pg_stats
SELECT * FROM pg_statistic
SELECT * FROM pg_largeobject
SELECT * FROM pg_hba_file_rules
SELECT * FROM pg_user_mappings
SELECT * FROM pg_file_settings
SELECT * FROM information_schema.user_mapping_options
SELECT * FROM orders FOR SHARE
SELECT * FROM orders FOR NO KEY UPDATE SKIP LOCKED
SELECT * FROM orders FOR KEY SHARE NOWAIT
LOCK TABLE orders
DO $$ BEGIN DELETE FROM orders; END $$
DECLARE c CURSOR FOR SELECT 1
PREPARE x AS DELETE FROM orders
EXECUTE x
VACUUM orders
ANALYZE orders
REFRESH MATERIALIZED VIEW x
NOTIFY x
LISTEN x
RESET ALL
SET LOCAL statement_timeout = 0
SET ROLE postgres
DISCARD ALL
LOAD 'x'
CREATE FUNCTION f() RETURNS int AS 'SELECT 1' LANGUAGE sql
SELECT 1 OPERATOR(pg_catalog.+) 2
SELECT (orders).note FROM orders
SELECT orders FROM orders
SELECT o FROM orders o
SELECT row_to_json(o) FROM orders o
SELECT orders.*::text FROM orders
SELECT to_jsonb(o) FROM orders o
SELECT 'x'::evil_type
SELECT CAST(1 AS public.evil_type)
SELECT E'\'; DELETE FROM orders; --'
SELECT $$;$$; DELETE FROM orders
SELECT U&'\0027'; DELETE FROM orders
SELECT '\'; DELETE FROM orders; --'
SELECT /*+ SeqScan(orders) */ 1
TABLE pg_authid
SELECT * FROM ROWS FROM (pg_sleep(30)) x
SELECT * FROM orders TABLESAMPLE SYSTEM (evil())
SELECT count(*) FILTER (WHERE pg_sleep(30) IS NULL) FROM orders
SELECT sum(1) OVER (ORDER BY pg_sleep(30)) FROM orders
SELECT xpath('/x', '<x/>')
SELECT convert_from(lo_get(1), 'UTF8')
SELECT amount FROM orders UNION SELECT nextval('orders_seq')
SELECT amount FROM orders FETCH FIRST 1 ROW ONLY
""".strip().splitlines()]  # fmt: skip

MARIADB = [*ANY, *r"""
SELECT * FROM orders INTO OUTFILE '/tmp/evil'
SELECT * INTO OUTFILE '/tmp/evil' FROM orders
SELECT * FROM orders INTO DUMPFILE '/tmp/evil'
SELECT amount INTO @a FROM orders LIMIT 1
SELECT 1 /*! INTO OUTFILE '/tmp/evil' */
SELECT 1 /*!50000 ; DELETE FROM orders */
SELECT 1 /*M! INTO OUTFILE '/tmp/evil' */
SELECT 1 /*M!100000 + SLEEP(30) */
SELECT /*!SLEEP(30)*/ 1
SELECT /*+ SET_VAR(max_execution_time=0) */ 1
SELECT /*+ MAX_EXECUTION_TIME(0) */ 1
SELECT SLEEP(30)
SELECT sleep (30)
SELECT `sleep`(30)
SELECT * FROM orders WHERE SLEEP(30)
SELECT 1 FROM orders ORDER BY SLEEP(30)
SELECT IF(1, SLEEP(30), 0)
SELECT BENCHMARK(1000000000, SHA2('x', 512))
SELECT LOAD_FILE('/etc/passwd')
SELECT GET_LOCK('x', 30)
SELECT RELEASE_ALL_LOCKS()
SELECT MASTER_POS_WAIT('x', 1, 30)
SELECT @a := 1
SELECT @a
SELECT @@version
SELECT @@GLOBAL.datadir
SELECT RAND()
SELECT UUID()
SELECT SYS_EXEC('touch /tmp/evil')
SELECT REPEAT('x', 1000000000)
SELECT RPAD('x', 1000000000, 'x')
SELECT SPACE(1000000000)
SELECT LAST_INSERT_ID(5)
SELECT NEXTVAL(orders_seq)
SELECT NEXT VALUE FOR orders_seq
SELECT PREVIOUS VALUE FOR orders_seq
SELECT SETVAL(orders_seq, 1)
SELECT * FROM orders LOCK IN SHARE MODE
SELECT * FROM orders FOR UPDATE SKIP LOCKED
SELECT * FROM orders PROCEDURE ANALYSE()
SELECT * FROM mysql.user
SELECT * FROM mysql.global_priv
SELECT * FROM `mysql`.`user`
SELECT * FROM MySQL.proc
SELECT HIGH_PRIORITY * FROM orders
SELECT SQL_NO_CACHE * FROM orders
SELECT SQL_BUFFER_RESULT * FROM orders
SELECT STRAIGHT_JOIN * FROM orders
LOAD DATA INFILE '/etc/passwd' INTO TABLE orders
LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE orders
HANDLER orders OPEN
DO SLEEP(30)
DO RELEASE_ALL_LOCKS()
FLUSH TABLES WITH READ LOCK
LOCK TABLES orders WRITE
KILL 1
SHUTDOWN
SET GLOBAL read_only = 1
SET SESSION max_statement_time = 0
REPLACE INTO orders VALUES (1, 1, 'x')
RENAME TABLE orders TO evil
OPTIMIZE TABLE orders
INSTALL PLUGIN x SONAME 'x.so'
CREATE FUNCTION f RETURNS INT SONAME 'x.so'
PREPARE s FROM 'DELETE FROM orders'
EXECUTE s
EXECUTE IMMEDIATE 'DELETE FROM orders'
XA START 'x'
PURGE BINARY LOGS BEFORE NOW()
RESET MASTER
USE mysql
SHOW GRANTS
SELECT 'x\'; DELETE FROM orders; -- '
SELECT "x"; DELETE FROM orders
SELECT 1 -- x
SELECT 1 # /*! */
SELECT * FROM JSON_TABLE('[1]', '$[*]' COLUMNS (a INT PATH '$')) t
SELECT ExtractValue('<a/>', '/a')
SELECT UpdateXML('<a/>', '/a', 'x')
SELECT note FROM orders PARTITION (p0)
SELECT amount FROM orders UNION SELECT SLEEP(30)
SELECT COUNT(*) OVER (ORDER BY SLEEP(30)) FROM orders
""".strip().splitlines()]  # fmt: skip

SQLITE = [*ANY, *r"""
ATTACH DATABASE '/tmp/evil' AS evil
DETACH DATABASE main
PRAGMA query_only = OFF
PRAGMA journal_mode = WAL
PRAGMA writable_schema = ON
SELECT load_extension('x')
SELECT writefile('/tmp/evil', 'x')
SELECT readfile('/etc/passwd')
SELECT edit('x')
SELECT fts3_tokenizer('x')
SELECT randomblob(1000000000)
SELECT zeroblob(1000000000)
SELECT random()
SELECT hex(zeroblob(100000000))
SELECT printf('%.1000000000c', 'x')
SELECT replace(hex(zeroblob(1000)), '00', hex(zeroblob(1000)))
SELECT * FROM pragma_table_info('orders')
SELECT * FROM pragma_database_list
SELECT * FROM generate_series(1, 1000000000)
SELECT * FROM json_each('[1]')
SELECT * FROM sqlite_dbpage
SELECT * FROM dbstat
SELECT * FROM temp.sqlite_master
REINDEX
VACUUM INTO '/tmp/evil'
ANALYZE
REPLACE INTO orders VALUES (1, 1, 'x')
SELECT last_insert_rowid()
SELECT changes()
CREATE TRIGGER t AFTER INSERT ON orders BEGIN DELETE FROM orders; END
SAVEPOINT x
""".strip().splitlines()]  # fmt: skip
