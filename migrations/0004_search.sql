-- A text of incident data as a time, if it is one in the notation of the wire; otherwise null,
-- also for the 30th of February (MSG-4).
CREATE FUNCTION time_in(value text) RETURNS timestamptz
LANGUAGE plpgsql STABLE STRICT AS $$
BEGIN
  IF value !~ '^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)$' THEN
    RETURN NULL;
  END IF;
  RETURN value::timestamptz;
EXCEPTION WHEN data_exception THEN
  RETURN NULL;
END $$;
--> statement-breakpoint

-- New terms wait in the index's pending list. Whoever fills it sorts all of it in, holding the
-- room's row: with the default of 4 MB that took 100 ms, with 256 kB it takes 20, at the same
-- cost per message (docs/decisions/0010).
ALTER INDEX messages_search SET (gin_pending_list_limit = 256);
