CREATE TABLE "files" (
	"file_id" uuid PRIMARY KEY NOT NULL,
	"room_id" uuid NOT NULL,
	"uploaded_by" text NOT NULL,
	"name" text NOT NULL,
	"content_type" text NOT NULL,
	"size_bytes" bigint NOT NULL,
	"width" integer,
	"height" integer,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"referenced_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "message_reactions" (
	"message_id" uuid NOT NULL,
	"emoji" text NOT NULL,
	"user_id" text NOT NULL,
	"revision" bigint NOT NULL,
	CONSTRAINT "message_reactions_message_id_emoji_user_id_pk" PRIMARY KEY("message_id","emoji","user_id")
);
--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "pinned_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "pinned_by" text;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "event_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "search" "tsvector";--> statement-breakpoint
ALTER TABLE "files" ADD CONSTRAINT "files_room_id_incident_rooms_room_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."incident_rooms"("room_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "files_unreferenced" ON "files" USING btree ("created_at") WHERE "files"."referenced_at" is null;--> statement-breakpoint
CREATE INDEX "messages_mentions" ON "messages" USING gin ("mentions") WHERE "messages"."mentions" <> '{}'::text[];--> statement-breakpoint
CREATE INDEX "messages_incident_data" ON "messages" USING btree ("room_id","sequence_number") WHERE "messages"."message_type" = 'incident_data';--> statement-breakpoint
CREATE INDEX "messages_pinned" ON "messages" USING btree ("room_id","event_at") WHERE "messages"."pinned_at" is not null;--> statement-breakpoint
CREATE INDEX "messages_without_terms" ON "messages" USING btree ("message_id") WHERE "messages"."search" is null and "messages"."deleted_at" is null and "messages"."message_type" <> 'system';--> statement-breakpoint
CREATE INDEX "messages_search" ON "messages" USING gin ("search");--> statement-breakpoint
CREATE INDEX "room_revisions_message" ON "room_revisions" USING btree ("message_id","revision") WHERE "room_revisions"."kind" <> 'message';