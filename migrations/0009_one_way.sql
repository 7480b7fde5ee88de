CREATE TABLE "notices" (
	"notice_id" uuid PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"sender_id" text NOT NULL,
	"content" text NOT NULL,
	"priority" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"read_at" timestamp with time zone,
	CONSTRAINT "notices_priority" CHECK ("notices"."priority" in ('high', 'normal', 'low'))
);
--> statement-breakpoint
CREATE TABLE "webhooks" (
	"user_id" text PRIMARY KEY NOT NULL,
	"url" text NOT NULL,
	"secret" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "notices_user" ON "notices" USING btree ("user_id","notice_id");