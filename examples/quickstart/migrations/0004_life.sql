-- What Plaid reports of an Item. Everything here can be read again but webhooks' reports, and the rotation of a token.
ALTER TABLE items ADD COLUMN institution_id TEXT NOT NULL DEFAULT ''; -- such as ins_109508; empty until it is read
ALTER TABLE items ADD COLUMN accounts       TEXT NOT NULL DEFAULT '[]'; -- JSON: names, masks, balances
ALTER TABLE items ADD COLUMN error_code     TEXT NOT NULL DEFAULT ''; -- empty while the Item works
ALTER TABLE items ADD COLUMN webhook        TEXT NOT NULL DEFAULT ''; -- address that Plaid has
ALTER TABLE items ADD COLUMN read_at        INTEGER NOT NULL DEFAULT 0; -- 0: it must be read
ALTER TABLE items ADD COLUMN renew_by       INTEGER NOT NULL DEFAULT 0; -- when a webhook said that the access ends
ALTER TABLE items ADD COLUMN new_accounts   INTEGER NOT NULL DEFAULT 0; -- a webhook said that there are some
ALTER TABLE items ADD COLUMN rotation       TEXT NOT NULL DEFAULT '' -- of the access token, see rotate.go
                                            CHECK (rotation IN ('', 'wanted', 'rotating', 'lost'));
UPDATE items SET error_code = 'ITEM_LOGIN_REQUIRED' WHERE needs_login;
ALTER TABLE items DROP COLUMN needs_login;

-- A public token is compared with the user's Items before it is reserved, see exchange.go.
CREATE TABLE new_public_tokens (
  public_token TEXT PRIMARY KEY,
  link_id      TEXT NOT NULL REFERENCES links (id),
  bank         TEXT NOT NULL DEFAULT '', -- JSON: institution and accounts; empty until it is known
  state        TEXT NOT NULL DEFAULT 'waiting'
               CHECK (state IN ('waiting', 'asking', 'checked', 'exchanging', 'done', 'declined', 'refused', 'lost'))
) STRICT;
INSERT INTO new_public_tokens (public_token, link_id, state) SELECT public_token, link_id, state FROM public_tokens ORDER BY rowid;
DROP TABLE public_tokens;
ALTER TABLE new_public_tokens RENAME TO public_tokens;
