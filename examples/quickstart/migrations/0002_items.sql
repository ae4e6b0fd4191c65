CREATE TABLE items (
  item_id      TEXT PRIMARY KEY,
  user_id      TEXT NOT NULL REFERENCES users (id),
  institution  TEXT NOT NULL,
  access_token BLOB NOT NULL, -- sealed, see seal.go
  needs_login  INTEGER NOT NULL DEFAULT 0,
  created_at   INTEGER NOT NULL
) STRICT;

CREATE TABLE links (
  id         TEXT PRIMARY KEY, -- in the address that the user comes back to
  user_id    TEXT NOT NULL REFERENCES users (id),
  item_id    TEXT REFERENCES items (item_id) ON DELETE CASCADE, -- that is updated; null for a new one
  link_token TEXT NOT NULL UNIQUE,
  hosted_url TEXT NOT NULL,
  state      TEXT NOT NULL DEFAULT 'open'
             CHECK (state IN ('open', 'exited', 'expired', 'pending', 'done', 'failed')),
  created_at INTEGER NOT NULL
) STRICT;

-- Public tokens that are to be exchanged, or were: each once. They stay when their Item is removed, so that a late webhook
-- does not bring it back.
CREATE TABLE public_tokens (
  public_token TEXT PRIMARY KEY,
  link_id      TEXT NOT NULL REFERENCES links (id),
  institution  TEXT NOT NULL, -- empty until it is known
  state        TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'lost'))
) STRICT;

CREATE TABLE events (
  id          TEXT PRIMARY KEY, -- webhook.Event.ID
  received_at INTEGER NOT NULL
) STRICT;
