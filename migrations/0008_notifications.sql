-- Notifications (WEB-5): when a person wants to be told, and the browsers that can be told while
-- the page is closed. None of it is part of a room's record, so none of it is a revision.
CREATE TABLE "notification_settings" (
	"user_id" text PRIMARY KEY NOT NULL,
	"level" text NOT NULL,
	"quiet_start" text,
	"quiet_end" text,
	"quiet_time_zone" text,
	CONSTRAINT "notification_settings_level" CHECK ("notification_settings"."level" in ('all', 'mentions', 'nothing')),
	CONSTRAINT "notification_settings_quiet" CHECK (num_nulls("notification_settings"."quiet_start", "notification_settings"."quiet_end", "notification_settings"."quiet_time_zone") in (0, 3))
);
--> statement-breakpoint
CREATE TABLE "push_subscriptions" (
	"subscription_id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"endpoint" text NOT NULL,
	"p256dh" text NOT NULL,
	"auth" text NOT NULL,
	"expires_at" timestamp with time zone,
	"user_agent" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "room_notification_levels" (
	"room_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"level" text NOT NULL,
	CONSTRAINT "room_notification_levels_room_id_user_id_pk" PRIMARY KEY("room_id","user_id"),
	CONSTRAINT "room_notification_levels_level" CHECK ("room_notification_levels"."level" in ('all', 'mentions', 'nothing'))
);
--> statement-breakpoint
ALTER TABLE "room_notification_levels" ADD CONSTRAINT "room_notification_levels_room_id_incident_rooms_room_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."incident_rooms"("room_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "push_subscriptions_user" ON "push_subscriptions" USING btree ("user_id","updated_at");--> statement-breakpoint
CREATE INDEX "room_notification_levels_user" ON "room_notification_levels" USING btree ("user_id");
