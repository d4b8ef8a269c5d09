import { dayText } from "./calendar.ts";
import { FIRST_NAMES, LAST_NAMES } from "./names.ts";
import { hasLeft, type Person } from "./people.ts";
import { chance } from "./random.ts";
import type { Setting } from "./setting.ts";

interface Team {
  readonly name: string;
  readonly costCentre: string;
  readonly weight: number;
}

/** Of uneven size; a small organization has the first of them only. */
const TEAMS: readonly Team[] = [
  { name: "Platform", costCentre: "CC-4100", weight: 22 },
  { name: "Payments", costCentre: "CC-4200", weight: 17 },
  { name: "Mobile", costCentre: "CC-4200", weight: 13 },
  { name: "Data", costCentre: "CC-4300", weight: 12 },
  { name: "Storefront", costCentre: "CC-4200", weight: 11 },
  { name: "Logistics", costCentre: "CC-4400", weight: 9 },
  { name: "Developer Experience", costCentre: "CC-4100", weight: 6 },
  { name: "Security", costCentre: "CC-4500", weight: 5 },
  { name: "Site Reliability", costCentre: "CC-4100", weight: 3 },
  { name: "Research", costCentre: "CC-4600", weight: 2 },
];

/**
 * What human resources would export: CSV, a line a person, two for those who changed team in the history.
 *
 * Contractors are not in it, and a few colleagues are whom Claude has never seen.
 */
export function rosterOf(setting: Setting): string {
  const teams = teamsOf(setting);
  const listed = setting.people.filter((person) => isListed(setting, person));
  const leads = leadsOf(setting, teams, listed);
  const head = listed[0]?.email ?? "";
  const lines = listed.flatMap((person) => linesOf(setting, teams, leads, head, person));
  return csv([
    ["email", "name", "team", "cost_centre", "manager", "starts_on", "ends_on", "team_from"],
    ...lines,
    ...strangers(setting, teams, leads),
  ]);
}

/** Who answers for a key: CSV of actor, person and service. Some keys are nobody's, as anywhere. */
export function ownersOf(setting: Setting): string {
  const isKnown = (name: string, share: number) => chance(setting.seed, "owner", name).isLucky(share);
  const repositories = setting.ciKeys
    .filter(({ laterName }) => isKnown(laterName, 0.8))
    .filter(({ laterName }) => setting.ciKeys.filter((one) => one.laterName === laterName).length === 1)
    .map(({ laterName }) => [`key:${laterName}`, "", `CI ${laterName}`]);
  const runners = setting.runnerKeys
    .filter(({ laterName }) => isKnown(laterName, 0.94))
    .map(({ laterName }) => [`key:${laterName}`, "", "Hackathon runners"]);
  const apps = setting.appKeys
    .filter(({ app, key }) => key !== null && isKnown(app.name, 0.75))
    .map(({ app, key }) => [key?.id ?? "", "", app.name]);
  const persons = [...setting.personKeys]
    .filter(([index]) => isKnown(`person ${index}`, 0.85))
    .flatMap(([index, key]) => {
      const person = setting.people[index];
      return person === undefined || !isListed(setting, person) ? [] : [[key.id, person.email, ""]];
    });
  return csv([["actor", "person", "service"], ...repositories, ...runners, ...apps, ...persons]);
}

/** Contractors are on no list, and one or the other colleague was forgotten. */
function isListed({ seed, lastOffset }: Setting, { index, isMember, joinedAt }: Person): boolean {
  return isMember && joinedAt <= lastOffset && (index === 0 || !chance(seed, "forgotten", index).isLucky(0.03));
}

function teamsOf({ people }: Setting): readonly [Team, ...Team[]] {
  const [first, ...more] = TEAMS.slice(0, Math.min(TEAMS.length, Math.max(2, Math.round(people.length / 6))));
  if (first === undefined) throw new RangeError("an organization without teams");
  return [first, ...more];
}

function teamOf({ seed }: Setting, teams: readonly Team[], index: number): Team | null {
  const dice = chance(seed, "team", index);
  if (dice.isLucky(0.02)) return null;
  return dice.weigh(teams.map((team) => [team, team.weight] as const));
}

/** The one who has been there longest leads. */
function leadsOf(setting: Setting, teams: readonly Team[], listed: readonly Person[]): ReadonlyMap<string, string> {
  const leads = new Map<string, string>();
  for (const person of listed.toSorted((a, b) => a.joinedAt - b.joinedAt)) {
    const team = teamOf(setting, teams, person.index);
    if (team === null || leads.has(team.name) || hasLeft(person, setting.lastOffset)) continue;
    leads.set(team.name, person.email);
  }
  return leads;
}

function linesOf(
  setting: Setting,
  teams: readonly [Team, ...Team[]],
  leads: ReadonlyMap<string, string>,
  head: string,
  person: Person,
): string[][] {
  const { seed, firstDay, lastOffset } = setting;
  const dice = chance(seed, "roster", person.index);
  const team = teamOf(setting, teams, person.index);
  const emails = dice.isLucky(0.07) ? `${person.email};${otherAddress(person)}` : person.email;
  const starts = dayText(firstDay + person.joinedAt - dice.int(0, 4));
  const isLead = team !== null && leads.get(team.name) === person.email;
  // Some have left whom nobody has taken out of Claude.
  const stays = person.index === 0 || isLead || !dice.isLucky(0.03);
  const ends = hasLeft(person, lastOffset)
    ? dayText(firstDay + person.leavesAt - 1)
    : stays || lastOffset < 10
      ? ""
      : dayText(firstDay + Math.max(person.joinedAt, lastOffset - dice.int(2, 9)));
  const lineIn = (place: Team | null, from: string) => {
    const lead = place === null ? undefined : leads.get(place.name);
    const manager = lead === undefined || lead === person.email ? head : lead;
    return [
      emails,
      person.name,
      place?.name ?? "",
      place?.costCentre ?? "CC-1000",
      manager === person.email ? "" : manager,
      starts,
      ends,
      from,
    ];
  };
  if (team === null || isLead || ends !== "" || lastOffset < 10 || !dice.isLucky(0.06)) return [lineIn(team, "")];
  const before = dice.pick(teams);
  if (before.name === team.name) return [lineIn(team, "")];
  return [lineIn(before, ""), lineIn(team, dayText(firstDay + dice.int(5, lastOffset - 3)))];
}

/** Colleagues who have no use for Claude so far. */
function strangers(setting: Setting, teams: readonly Team[], leads: ReadonlyMap<string, string>): string[][] {
  const domain = setting.people[0]?.email.split("@")[1] ?? "";
  const taken = new Set(setting.people.map(({ email }) => email));
  return Array.from({ length: Math.round(setting.people.length / 12) }, (_, index) => {
    const dice = chance(setting.seed, "stranger", index);
    const [first, last] = [dice.pick(FIRST_NAMES), dice.pick(LAST_NAMES)];
    const plain = `${first}.${last}`.normalize("NFD").replaceAll(/[^A-Za-z.]/g, "");
    const email = `${plain.toLowerCase()}.${index + 1}@${domain}`;
    const team = dice.weigh(teams.map((one) => [one, one.weight] as const));
    const starts = dayText(setting.firstDay - dice.int(30, 900));
    return [email, `${first} ${last}`, team.name, team.costCentre, leads.get(team.name) ?? "", starts, "", ""];
  }).filter(([email = ""]) => !taken.has(email));
}

/** `ada.byron@x` is `byron.ada.alias@x` too. The whole name: among thousands, initials would meet. */
function otherAddress({ email }: Person): string {
  const [local = "", domain = ""] = email.split("@");
  return `${local.split(".").toReversed().join(".")}.alias@${domain}`;
}

function csv(lines: readonly (readonly string[])[]): string {
  const cell = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return lines.map((line) => `${line.map(cell).join(",")}\n`).join("");
}
