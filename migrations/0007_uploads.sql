-- Uploads (API-5). A file's row and its bytes are in two stores. What is in the object store, or
-- may be, has a row in one of two tables at any moment: in `files`, or in `unclaimed_objects` while
-- the upload is under way and after the file is gone.
CREATE TABLE "unclaimed_objects" (
	"file_id" uuid PRIMARY KEY NOT NULL,
	"remove_after" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "unclaimed_objects_due" ON "unclaimed_objects" USING btree ("remove_after");--> statement-breakpoint
CREATE INDEX "messages_file" ON "messages" USING btree ("file_id") WHERE "messages"."file_id" is not null;--> statement-breakpoint
-- Whoever removes a file's row, its bytes are not forgotten.
CREATE FUNCTION leave_object_unclaimed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO unclaimed_objects (file_id, remove_after) VALUES (OLD.file_id, now())
    ON CONFLICT (file_id) DO UPDATE SET remove_after = now();
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER files_leave_object AFTER DELETE ON files
  FOR EACH ROW EXECUTE FUNCTION leave_object_unclaimed();
