CREATE TABLE "room_members" (
	"room_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"role" text NOT NULL,
	"joined_at" timestamp with time zone NOT NULL,
	"read_sequence" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "room_members_room_id_user_id_pk" PRIMARY KEY("room_id","user_id"),
	CONSTRAINT "room_members_role" CHECK ("room_members"."role" in ('owner', 'editor', 'viewer'))
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"message_id" uuid PRIMARY KEY NOT NULL,
	"room_id" uuid NOT NULL,
	"sequence_number" bigint NOT NULL,
	"revision" bigint NOT NULL,
	"sender_id" text NOT NULL,
	"client_message_id" text NOT NULL,
	"content" text NOT NULL,
	"data" jsonb,
	"message_type" text NOT NULL,
	"mentions" text[] DEFAULT '{}'::text[] NOT NULL,
	"file_id" uuid,
	"reply_to" uuid,
	"created_at" timestamp with time zone NOT NULL,
	"edited_at" timestamp with time zone,
	"deleted_at" timestamp with time zone,
	"deleted_by" text,
	CONSTRAINT "messages_sequence" UNIQUE("room_id","sequence_number"),
	CONSTRAINT "messages_client_id" UNIQUE("room_id","sender_id","client_message_id"),
	CONSTRAINT "messages_type" CHECK ("messages"."message_type" in ('text', 'image_ref', 'file_ref', 'system', 'incident_data'))
);
--> statement-breakpoint
CREATE TABLE "room_revisions" (
	"room_id" uuid NOT NULL,
	"revision" bigint NOT NULL,
	"kind" text NOT NULL,
	"change_id" uuid NOT NULL,
	"message_id" uuid,
	"actor_id" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"payload" jsonb NOT NULL,
	"previous_hash" "bytea" NOT NULL,
	"hash" "bytea" NOT NULL,
	CONSTRAINT "room_revisions_room_id_revision_pk" PRIMARY KEY("room_id","revision")
);
--> statement-breakpoint
CREATE TABLE "incident_rooms" (
	"room_id" uuid PRIMARY KEY NOT NULL,
	"title" text NOT NULL,
	"incident_type" text NOT NULL,
	"severity" text NOT NULL,
	"status" text DEFAULT 'active' NOT NULL,
	"location" text DEFAULT '' NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"lots" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"last_activity_at" timestamp with time zone NOT NULL,
	"last_sequence" bigint DEFAULT 0 NOT NULL,
	"last_revision" bigint DEFAULT 0 NOT NULL,
	"last_hash" "bytea" DEFAULT '\x'::bytea NOT NULL,
	"owner_instance" text,
	CONSTRAINT "incident_rooms_status" CHECK ("incident_rooms"."status" in ('active', 'resolved', 'archived')),
	CONSTRAINT "incident_rooms_severity" CHECK ("incident_rooms"."severity" in ('low', 'medium', 'high', 'critical'))
);
--> statement-breakpoint
CREATE TABLE "tr_users" (
	"user_id" text PRIMARY KEY NOT NULL,
	"display_name" text NOT NULL,
	"is_admin" boolean DEFAULT false NOT NULL,
	"tier" text DEFAULT 'basic' NOT NULL,
	"locale" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "room_members" ADD CONSTRAINT "room_members_room_id_incident_rooms_room_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."incident_rooms"("room_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "room_members_user" ON "room_members" USING btree ("user_id","room_id");--> statement-breakpoint
CREATE INDEX "messages_created" ON "messages" USING btree ("room_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "room_revisions_change" ON "room_revisions" USING btree ("change_id","room_id","revision") WHERE "room_revisions"."kind" <> 'message';