import { Failure, tryDay, type DayNumber } from "../domain/index.ts";
import type { PersonRow } from "../store/index.ts";
import { readCsv, type CsvRecord } from "./csv.ts";

const COLUMNS = {
  email: ["email", "emails", "e-mail", "mail"],
  name: ["name", "full_name", "display_name"],
  team: ["team", "department"],
  costCentre: ["cost_centre", "cost_center"],
  manager: ["manager", "manager_email"],
  startsOn: ["starts_on", "start_date"],
  endsOn: ["ends_on", "end_date"],
  teamFrom: ["team_from", "team_since", "effective_from"],
} as const;

type Column = keyof typeof COLUMNS;

/** A person's place in the organization. */
export type Post = Pick<PersonRow, "team" | "costCentre" | "manager">;

/** A place from a day on; null is the beginning of time. */
export interface DatedPost extends Post {
  readonly from: DayNumber | null;
}

/** People as a file lists them, before they get their ids. */
export interface Listed extends Omit<PersonRow, "personId" | "earlier"> {
  /** Where the file says since when: every line of the person, oldest first. The last is the one above. */
  readonly posts?: readonly DatedPost[];
}

/** What is wrong with a line, with what to do about it. */
export interface RosterProblem {
  readonly line: number;
  readonly column: string | null;
  readonly problem: string;
  readonly remedy: string;
}

export interface Roster {
  readonly people: readonly Listed[];
  /** Every bad line; none of them is among the people. */
  readonly problems: readonly RosterProblem[];
}

/**
 * Reads people from CSV with a header line. `email` is needed; several addresses of one person stand in one cell,
 * separated by spaces or semicolons. A person who changed team has a line for each, with the day in `team_from`.
 *
 * @throws Failure `input.invalid` when the file as such cannot be read.
 */
export function readRoster(csv: string): Roster {
  const [header, ...records] = readCsv(csv, "people");
  if (header === undefined) throw wrong("people", "the file is empty", `Its first line names the columns: ${known()}.`);
  const columns = columnsOf(header);
  const problems: RosterProblem[] = [];
  const lines = records.flatMap((record) => {
    const read = readLine(record, columns);
    if ("problem" in read) problems.push(read);
    return "problem" in read ? [] : [read];
  });
  return { people: personsOf(lines, problems), problems: problems.sort((a, b) => a.line - b.line) };
}

/**
 * The people of a file without a fault.
 *
 * @throws Failure `input.invalid` naming the first bad line and the column; nothing was changed.
 */
export function readPeople(csv: string): readonly Listed[] {
  const { people, problems } = readRoster(csv);
  const [first, ...more] = problems;
  if (first === undefined) return people;
  const field = `people, line ${first.line}${first.column === null ? "" : `, ${first.column}`}`;
  const others = more.length === 0 ? "" : ` ${more.length} more of its lines cannot be read either.`;
  throw wrong(field, first.problem, `${first.remedy}${others}`);
}

function columnsOf({ cells }: CsvRecord): ReadonlyMap<Column, number> {
  const found = new Map<Column, number>();
  for (const [at, cell] of cells.entries()) {
    const title = cell
      .trim()
      .toLowerCase()
      .replace(/[\s-]+/g, "_");
    const column = (Object.keys(COLUMNS) as Column[]).find((name) =>
      COLUMNS[name].some((spelling) => spelling.replace("-", "_") === title),
    );
    if (column === undefined)
      throw wrong("people, header", `column ${at + 1} has an unknown name`, `Known are ${known()}.`);
    if (found.has(column)) throw wrong("people, header", `${column} stands there twice`, "Leave one of them out.");
    found.set(column, at);
  }
  if (!found.has("email")) throw wrong("people, header", "there is no column email", `Known are ${known()}.`);
  return found;
}

interface Line {
  readonly line: number;
  readonly from: DayNumber | null;
  readonly person: Listed;
}

function readLine({ line, cells }: CsvRecord, columns: ReadonlyMap<Column, number>): Line | RosterProblem {
  const cell = (column: Column): string | null => {
    const at = columns.get(column);
    const text = at === undefined ? "" : (cells[at] ?? "").trim();
    return text === "" ? null : text;
  };
  const bad = (column: string | null, problem: string, remedy: string) => ({ line, column, problem, remedy });
  if (cells.length > columns.size) return bad(null, "has more cells than the header", "Quote cells that hold a comma.");
  const emails = emailsIn(cell("email") ?? "");
  if (emails.length === 0) return bad("email", "is empty", "Every person needs an address.");
  if (!emails.every(isEmail)) return bad("email", "is no e-mail address", "Separate several addresses by a semicolon.");
  const days = { startsOn: null, endsOn: null, teamFrom: null } as Record<
    "startsOn" | "endsOn" | "teamFrom",
    number | null
  >;
  for (const column of ["startsOn", "endsOn", "teamFrom"] as const) {
    const text = cell(column);
    const value = text === null ? null : tryDay(text);
    if (text !== null && value === null) return bad(COLUMNS[column][0], "is no day", "Write it as YYYY-MM-DD.");
    days[column] = value;
  }
  const { startsOn, endsOn, teamFrom } = days;
  if (startsOn !== null && endsOn !== null && endsOn < startsOn) {
    return bad("ends_on", "is before starts_on", "Exchange them.");
  }
  const post = { team: cell("team"), costCentre: cell("costCentre"), manager: cell("manager") };
  const person = { name: cell("name") ?? emails[0]!, emails, ...post, startsOn, endsOn, inRoster: true };
  return { line, from: teamFrom, person };
}

/** The addresses of a cell, in lower case, each once. */
export function emailsIn(text: string): string[] {
  return [
    ...new Set(
      text
        .split(/[\s;]+/)
        .filter(Boolean)
        .map((email) => email.toLowerCase()),
    ),
  ];
}

export function isEmail(text: string): boolean {
  return /^[^@\s]+@[^@\s]+$/.test(text);
}

/** Lines that share an address are one person's, of which each tells another time. */
function personsOf(lines: readonly Line[], problems: RosterProblem[]): Listed[] {
  const byEmail = new Map<string, Line[]>();
  const persons: Line[][] = [];
  for (const one of lines) {
    const same = one.person.emails.map((email) => byEmail.get(email)).find((own) => own !== undefined);
    const twin = same?.find(({ from }) => from === one.from);
    const elsewhere = one.person.emails.some((email) => (byEmail.get(email) ?? same) !== same);
    if (twin !== undefined || elsewhere) {
      const earlier = twin ?? one.person.emails.flatMap((email) => byEmail.get(email) ?? [])[0]!;
      problems.push({
        line: one.line,
        column: "email",
        problem: `this address stands on line ${earlier.line} too`,
        remedy: "Give each person one line with all addresses in it, or one for each team with its day in team_from.",
      });
      continue;
    }
    const own = same ?? [];
    if (own.length === 0) persons.push(own);
    own.push(one);
    for (const email of one.person.emails) byEmail.set(email, own);
  }
  return persons.map(personOf);
}

function personOf(lines: readonly Line[]): Listed {
  const inOrder = lines.toSorted((a, b) => (a.from ?? -Infinity) - (b.from ?? -Infinity));
  const { person, from } = inOrder.at(-1)!;
  if (inOrder.length === 1 && from === null) return person;
  const emails = [...new Set([...person.emails, ...inOrder.flatMap((line) => line.person.emails)])];
  const posts = inOrder.map((line): DatedPost => {
    const { team, costCentre, manager } = line.person;
    return { from: line.from, team, costCentre, manager };
  });
  return { ...person, emails, posts };
}

function known(): string {
  return Object.values(COLUMNS)
    .map(([first]) => first)
    .join(", ");
}

function wrong(field: string, problem: string, remedy: string): Failure {
  return new Failure("input.invalid", { field, problem, remedy });
}
