import { Failure, tryDay } from "../domain/index.ts";
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
} as const;

type Column = keyof typeof COLUMNS;

/** People as a file lists them, before they get their ids. */
export type Listed = Omit<PersonRow, "personId">;

/**
 * Reads people from CSV with a header line. `email` is needed; several addresses of one person stand in one cell,
 * separated by spaces or semicolons.
 *
 * @throws Failure `input.invalid` naming the line and the column; nothing was changed.
 */
export function readPeople(csv: string): Listed[] {
  const [header, ...records] = readCsv(csv, "people");
  if (header === undefined) throw wrong("people", "the file is empty", `Its first line names the columns: ${known()}.`);
  const columns = columnsOf(header);
  const seen = new Map<string, number>();
  return records.map((record) => {
    const person = readPerson(record, columns);
    for (const email of person.emails) {
      const earlier = seen.get(email);
      if (earlier !== undefined) {
        throw wrong(
          `people, line ${record.line}, email`,
          `this address stands on line ${earlier} too`,
          "Give each person one line, with all addresses in it.",
        );
      }
      seen.set(email, record.line);
    }
    return person;
  });
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

function readPerson({ line, cells }: CsvRecord, columns: ReadonlyMap<Column, number>): Listed {
  const cell = (column: Column): string | null => {
    const at = columns.get(column);
    const text = at === undefined ? "" : (cells[at] ?? "").trim();
    return text === "" ? null : text;
  };
  if (cells.length > columns.size)
    throw wrong(`people, line ${line}`, "has more cells than the header", "Quote cells that hold a comma.");
  const emails = [
    ...new Set(
      (cell("email") ?? "")
        .split(/[\s;]+/)
        .filter(Boolean)
        .map((email) => email.toLowerCase()),
    ),
  ];
  if (emails.length === 0) throw wrong(`people, line ${line}, email`, "is empty", "Every person needs an address.");
  if (emails.some((email) => !/^[^@\s]+@[^@\s]+$/.test(email))) {
    throw wrong(`people, line ${line}, email`, "is no e-mail address", "Separate several addresses by a semicolon.");
  }
  const day = (column: "startsOn" | "endsOn"): number | null => {
    const text = cell(column);
    const value = text === null ? null : tryDay(text);
    if (text !== null && value === null)
      throw wrong(`people, line ${line}, ${COLUMNS[column][0]}`, "is no day", "Write it as YYYY-MM-DD.");
    return value;
  };
  const [startsOn, endsOn] = [day("startsOn"), day("endsOn")];
  if (startsOn !== null && endsOn !== null && endsOn < startsOn) {
    throw wrong(`people, line ${line}, ends_on`, "is before starts_on", "Exchange them.");
  }
  return {
    name: cell("name") ?? emails[0]!,
    emails,
    team: cell("team"),
    costCentre: cell("costCentre"),
    manager: cell("manager"),
    startsOn,
    endsOn,
    inRoster: true,
  };
}

function known(): string {
  return Object.values(COLUMNS)
    .map(([first]) => first)
    .join(", ");
}

function wrong(field: string, problem: string, remedy: string): Failure {
  return new Failure("input.invalid", { field, problem, remedy });
}
