import type { PersonRow } from "../../src/store/index.ts";

/** Somebody of the roster, called as their address is, who was always there. */
export function rosterPerson(personId: string, email: string, team: string | null): PersonRow {
  const always = { costCentre: null, manager: null, startsOn: null, endsOn: null, inRoster: true };
  return { personId, name: email, emails: [email], team, ...always };
}
