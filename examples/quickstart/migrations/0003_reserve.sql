-- A public token is reserved before it is sent to Plaid, see exchange.go. SQLite changes a CHECK in a new table only.
CREATE TABLE new_public_tokens (
  public_token TEXT PRIMARY KEY,
  link_id      TEXT NOT NULL REFERENCES links (id),
  institution  TEXT NOT NULL, -- empty until it is known
  state        TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'exchanging', 'done', 'refused', 'lost'))
) STRICT;
INSERT INTO new_public_tokens (public_token, link_id, institution, state)
  SELECT public_token, link_id, institution, state FROM public_tokens ORDER BY rowid;
DROP TABLE public_tokens;
ALTER TABLE new_public_tokens RENAME TO public_tokens;

DROP TABLE events; -- what arrives twice finds a state that it does not change
