-- keyturn: one row for each token slot. `key` is a digest; `record` is secret unless it is encrypted before it comes here.
CREATE TABLE IF NOT EXISTS keyturn_records (
  key text PRIMARY KEY,
  version bigint NOT NULL,
  record text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now()
);
