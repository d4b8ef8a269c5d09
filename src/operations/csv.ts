import { Failure } from "../domain/index.ts";

const LARGEST = 20_000_000;

/** One record of a CSV file with the line it began on. */
export interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * Reads RFC 4180 CSV: commas (or semicolons, as spreadsheets of many countries write), quotes, any line end, a byte
 * order mark. Empty lines are left out.
 *
 * @throws Failure `input.invalid` naming the line.
 */
export function readCsv(text: string, field: string): CsvRecord[] {
  if (text.length > LARGEST) throw broken(field, "is larger than 20 MB");
  const body = text.replace(/^\uFEFF/, "");
  const separator = separatorOf(body);
  const records: CsvRecord[] = [];
  let cells: string[] = [];
  let cell = "";
  let line = 1;
  let startLine = 1;
  let quotedAt: number | null = null;
  let wasQuoted = false;
  const endCell = () => {
    cells.push(wasQuoted ? cell : cell.trim());
    cell = "";
    wasQuoted = false;
  };
  const endRecord = () => {
    endCell();
    if (cells.length > 1 || cells[0] !== "") records.push({ line: startLine, cells });
    cells = [];
  };
  for (let at = 0; at < body.length; at += 1) {
    const character = body[at]!;
    if (character === "\n") line += 1;
    if (quotedAt !== null) {
      if (character !== '"') cell += character;
      else if (body[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else quotedAt = null;
    } else if (character === '"' && cell.trim() === "" && !wasQuoted) {
      cell = "";
      quotedAt = line;
      wasQuoted = true;
    } else if (character === separator) endCell();
    else if (character === "\n" || (character === "\r" && body[at + 1] !== "\n")) {
      endRecord();
      startLine = line;
    } else if (character !== "\r") {
      if (wasQuoted && character.trim() !== "")
        throw broken(`${field}, line ${line}`, "has text behind a closing quote");
      if (!wasQuoted) cell += character;
    }
  }
  if (quotedAt !== null) throw broken(`${field}, line ${quotedAt}`, "opens a quote that is never closed");
  endRecord();
  return records;
}

function separatorOf(body: string): "," | ";" {
  const header = body.split(/[\r\n]/, 1)[0] ?? "";
  return header.includes(";") && !header.includes(",") ? ";" : ",";
}

function broken(field: string, problem: string): Failure {
  return new Failure("input.invalid", {
    field,
    problem,
    remedy: "Correct the file and load it again; nothing was changed.",
  });
}
