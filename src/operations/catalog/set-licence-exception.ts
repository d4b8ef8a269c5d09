import { z } from "zod";

import { Failure, normalizedEmail, parseDay } from "../../domain/index.ts";
import { listPeople } from "../../store/index.ts";
import { defineOperation } from "../define.ts";
import { day } from "../filters.ts";
import { readExceptions, writeExceptions } from "../licence-terms.ts";

export const setLicenceException = defineOperation({
  id: "setLicenceException",
  title: "Set a licence exception",
  summary:
    "Protects somebody's licence from being recommended for removal, until a day or for good; without a reason the protection ends.",
  input: z.object({
    person: z.string().min(1).max(320).describe("an e-mail, or the id of somebody in the directory"),
    reason: z.string().trim().min(1).max(200).nullable().describe("null ends the protection"),
    until: day.nullable().default(null).describe("last day; null is for good"),
  }),
  output: z.object({
    person: z.string(),
    personId: z.string().nullable(),
    reason: z.string().nullable(),
    until: z.string().nullable(),
    exceptions: z.int().describe("how many there are now"),
  }),
  permission: "roster",
  effect: "write",
  audit: {
    event: ({ reason }) => (reason === null ? "licence.exception_removed" : "licence.exception_set"),
    // Neither the e-mail nor the reason: both are about a person, and a ledger forgets nothing.
    facts: ({ personId, until, exceptions }) => ({ personId, until, exceptions }),
  },
  run: ({ store, scope }, { person, reason, until }) => {
    if (until !== null) parseDay(until, "until");
    return store.write(async (tx) => {
      const email = normalizedEmail(person);
      const people = await listPeople(tx, scope);
      const found = people.find(
        ({ personId, emails }) => personId === person || emails.some((one) => normalizedEmail(one) === email),
      );
      if (!found && !email.includes("@")) {
        throw new Failure("access.unknown", { what: "person", field: "person" });
      }
      const key = found?.personId ?? email;
      const others = (await readExceptions(tx, scope)).filter((one) => one.person !== key);
      const now = reason === null ? others : [...others, { person: key, reason, until }];
      await writeExceptions(tx, scope, now);
      return {
        person: key,
        personId: found?.personId ?? null,
        reason,
        until: reason === null ? null : until,
        exceptions: now.length,
      };
    });
  },
});
