CREATE TABLE meta (
  name  TEXT PRIMARY KEY,
  value BLOB NOT NULL
) STRICT;

CREATE TABLE users (
  id   TEXT PRIMARY KEY, -- random; Plaid gets it as client_user_id
  name TEXT NOT NULL UNIQUE COLLATE NOCASE
) STRICT;

CREATE TABLE sessions (
  cookie_hash BLOB PRIMARY KEY, -- SHA-256, so that a copy of the database signs nobody in
  user_id     TEXT NOT NULL REFERENCES users (id),
  expires_at  INTEGER NOT NULL  -- times are Unix seconds
) STRICT;
