import type { Problem } from "../../problem/problem.ts";
import type { CalendarEvent } from "../calendar-event.ts";
import type { WrittenNeeds } from "./calendar-schema.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** The fields of an event that do not depend on when it takes place, every default filled in. */
export type EventNeeds = Pick<
  CalendarEvent,
  "kind" | "hub" | "course" | "people" | "profile" | "offered" | "courses" | "warmUp" | "freeze"
>;

export function needsOf(written: WrittenNeeds): EventNeeds {
  const { kind, hub, course, people, profile, offered, courses, warmUp, freeze } = written;
  const isExam = kind === "exam";
  return {
    kind,
    ...(hub === undefined ? {} : { hub }),
    ...(course === undefined ? {} : { course }),
    people,
    ...(profile === undefined ? {} : { profile }),
    offered: isExam ? (offered ?? (profile === undefined ? [] : [profile])) : [],
    ...(courses === undefined ? {} : { courses }),
    warmUp: warmUp ?? 30 * MINUTE,
    freeze: { before: freeze?.before ?? (isExam ? 24 * HOUR : HOUR), after: freeze?.after ?? 0 },
  };
}

/**
 * What is wrong between these fields.
 * @param name what the event is called in messages
 */
export function needsProblems(written: WrittenNeeds, name: string, at: CalendarEvent["at"]): Problem[] {
  const { kind, hub, course, profile, offered, courses } = written;
  const problems: Problem[] = [];
  if (hub === undefined && course === undefined)
    problems.push(
      at(
        {
          code: "missing-field",
          message: `${name} has no hub and no course`,
          remedy: "Add the hub that people use, such as `hub: campus/prod`, or the course",
        },
        [],
      ),
    );
  if (hub !== undefined && course !== undefined)
    problems.push(
      at({ code: "invalid-value", message: `${name} has a hub and a course`, remedy: "Keep one" }, [
        "course",
      ]),
    );
  if (kind !== "exam" && offered)
    problems.push(
      at(
        {
          code: "invalid-value",
          message: `${name} is no exam, so every profile is offered`,
          remedy: "Remove `offered`, or make it an exam",
        },
        ["offered"],
      ),
    );
  if (courses && (kind !== "exam" || hub === undefined))
    problems.push(
      at(
        {
          code: "invalid-value",
          message: `${name} is no exam on a hub, which alone freezes articles of courses that it names`,
          remedy:
            kind === "exam"
              ? "Name the hub that people use, or remove `courses`: the article of `course` is frozen anyway"
              : "Remove `courses`, or make it an exam",
        },
        ["courses"],
      ),
    );
  if (hub === undefined && course !== undefined && (profile ?? offered) !== undefined)
    problems.push(
      at(
        {
          code: "invalid-value",
          message: `${name} is of a course, and only hubs have profiles`,
          remedy: "Name the hub that people use instead of the course, or remove the profile",
        },
        [profile === undefined ? "offered" : "profile"],
      ),
    );
  return problems;
}
