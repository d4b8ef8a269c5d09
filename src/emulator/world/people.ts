import type { Actor } from "./cell.ts";
import type { Family } from "./prices.ts";
import { chance, hashOf, idOf } from "./random.ts";
import { FIRST_NAMES, LAST_NAMES } from "./names.ts";

/** Somebody of the organization, or a contractor without membership. Offsets are days since the first day of history. */
export interface Person {
  readonly index: number;
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: "admin" | "billing" | "developer" | "claude_code_user" | "user";
  readonly isMember: boolean;
  readonly joinedAt: number;
  /** First possible day with Claude Code; Infinity for those who never try it. */
  readonly startsAt: number;
  /** First day after the person left; Infinity for those who stay. */
  readonly leavesAt: number;
  /** Gone altogether: reports keep the id and hide name and address. */
  readonly isErased: boolean;
  readonly plan: "api" | "subscription" | "both";
  readonly subscription: "team" | "enterprise";
  readonly signsInBy: "key" | "oauth";
  readonly family: Family;
  readonly terminal: string;
  readonly secondTerminal: string | null;
  /** How the second terminal spells the address. */
  readonly secondSpelling: string;
  /** Chance of use on a workday. */
  readonly habit: number;
  /** Median effort, 1 being usual. */
  readonly vigour: number;
  readonly homeHour: number;
  readonly usesRemote: boolean;
  readonly likesFast: boolean;
}

export function inventPeople(seed: number, count: number, domain: string): Person[] {
  const taken = new Map<string, number>();
  const contractors = 1 + Math.ceil(count / 80);
  return Array.from({ length: count + contractors }, (_, index) =>
    inventPerson(seed, index, index < count, domain, taken),
  );
}

/** How analytics names this person. `lastOffset` is the last day of the history: who left by then is deleted. */
export function actorOf(person: Person, lastOffset: number): Actor {
  const isGone = hasLeft(person, lastOffset);
  const isHidden = isGone && person.isErased;
  return {
    type: "user_actor",
    user_id: person.id,
    email_address: isHidden ? null : person.email,
    name: isHidden ? "Deleted User" : person.name,
    deleted: isGone || !person.isMember,
  };
}

export function hasLeft(person: Person, lastOffset: number): boolean {
  return person.leavesAt <= lastOffset;
}

function inventPerson(
  seed: number,
  index: number,
  isMember: boolean,
  domain: string,
  taken: Map<string, number>,
): Person {
  const dice = chance(seed, "person", index);
  const first = dice.pick(FIRST_NAMES);
  const last = dice.pick(LAST_NAMES);
  const role = index === 0 ? "admin" : dice.weigh(ROLES);
  const hasTools = role !== "user" && role !== "billing";
  const isEarly = dice.isLucky(0.56);
  const late = Math.floor(dice.next() * 62);
  const neverStarts = !hasTools || dice.isLucky(0.06);
  const startsAt = neverStarts ? Infinity : isEarly || !isMember ? 0 : late;
  const isNewcomer = dice.isLucky(0.3) && !isEarly && index > 0;
  const joinedAt = isNewcomer ? late - dice.int(1, 9) : -dice.int(20, 600);
  const leaves = index > 0 && isMember && dice.isLucky(0.08);
  const leavesAt = leaves ? Math.max(joinedAt + 5, Math.floor(-6 + dice.next() * 90)) : Infinity;
  const email = `${address(first, last, taken)}@${isMember ? domain : "freelance.example"}`;
  return {
    index,
    id: idOf("user_", seed, "person", index),
    name: `${first} ${last}`,
    email,
    role,
    isMember,
    joinedAt,
    startsAt,
    leavesAt,
    isErased: dice.isLucky(0.25),
    plan: dice.weigh(PLANS),
    subscription: dice.isLucky(0.7) ? "team" : "enterprise",
    signsInBy: isMember && dice.isLucky(0.4) ? "oauth" : "key",
    family: dice.weigh(FAMILIES),
    terminal: dice.weigh(TERMINALS),
    secondTerminal: dice.isLucky(0.35) ? dice.pick(SECOND_TERMINALS) : null,
    secondSpelling: hashOf(seed, "spelling", index) % 2 === 0 ? capitals(email) : email,
    habit: 0.66 + 0.33 * dice.next(),
    vigour: dice.skewed(1, 0.5),
    homeHour: dice.weigh(HOME_HOURS),
    usesRemote: dice.isLucky(0.3),
    likesFast: dice.isLucky(0.06),
  };
}

function address(first: string, last: string, taken: Map<string, number>): string {
  const plain = `${first}.${last}`
    .normalize("NFD")
    .replaceAll(/[^A-Za-z.]/g, "")
    .toLowerCase();
  const count = (taken.get(plain) ?? 0) + 1;
  taken.set(plain, count);
  return count === 1 ? plain : `${plain}${count}`;
}

/** `ada.byron@x` is also seen as `Ada.Byron@x`: the API does not settle the case of addresses. */
function capitals(email: string): string {
  return email.replaceAll(/(^|\.)[a-z](?=[^@]*@)/g, (start) => start.toUpperCase());
}

const ROLES = [
  ["developer", 68],
  ["claude_code_user", 20],
  ["user", 5],
  ["billing", 2],
  ["admin", 5],
] as const;
const PLANS = [
  ["api", 84],
  ["subscription", 10],
  ["both", 6],
] as const;
const FAMILIES = [
  ["opus", 50],
  ["sonnet", 42],
  ["fable", 8],
] as const;
const TERMINALS = [
  ["vscode", 40],
  ["iTerm.app", 20],
  ["tmux", 10],
  ["cursor", 14],
  ["goland", 5],
  ["pycharm", 6],
  ["WarpTerminal", 5],
] as const;
const SECOND_TERMINALS = ["ghostty", "Apple_Terminal", "tmux-256color", "zed"] as const;
const HOME_HOURS = [
  [7, 45],
  [8, 20],
  [13, 25],
  [16, 10],
] as const;
