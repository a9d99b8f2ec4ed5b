-- The store of a shared token in a SQL database (SQLite, PostgreSQL, MySQL). One row for each key: Session.store_key.
-- Bytes: BLOB in SQLite and MySQL, BYTEA in PostgreSQL.
CREATE TABLE IF NOT EXISTS nnopen_token (
  name    VARCHAR(64) NOT NULL PRIMARY KEY,
  version BIGINT      NOT NULL,
  bytes   BLOB        NOT NULL
);

-- load (:name); no row: version 0, no bytes. Read from the primary, not from a replica.
SELECT version, bytes FROM nnopen_token WHERE name = :name;

-- swap (:name, :version, :bytes), where :version is not 0. Stored if one row has changed.
UPDATE nnopen_token SET bytes = :bytes, version = version + 1 WHERE name = :name AND version = :version;

-- swap, where :version is 0. Stored if one row has come in; a key that is there already (an error, or no row) means: not
-- stored.
INSERT INTO nnopen_token (name, version, bytes) VALUES (:name, 1, :bytes);
