import { Failure, tryDay } from "../domain/index.ts";

/** The options of one call, read by name and kind; a wrong value names its option. */
export class Options {
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(values: Readonly<Record<string, unknown>>) {
    this.#values = values;
  }

  flag(name: string): boolean {
    return this.#values[name] === true;
  }

  /** Whether `--no-NAME` was given. */
  isOff(name: string): boolean {
    return this.#values[name] === false;
  }

  text(name: string): string | undefined {
    const value = this.#values[name];
    if (value === undefined) return undefined;
    if (typeof value !== "string" || value === "") throw invalid(name, "needs a value");
    return value;
  }

  /** Of an option that must be given. */
  needed(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw invalid(name, "is needed");
    return value;
  }

  /** Of an option that may be repeated. */
  list(name: string): readonly string[] | undefined {
    const value = this.#values[name];
    if (value === undefined) return undefined;
    return (Array.isArray(value) ? value : [value]).map(String);
  }

  day(name: string): string | undefined {
    const text = this.text(name);
    if (text !== undefined && tryDay(text) === null) {
      throw new Failure("input.date_unreadable", { field: flagName(name), value: text });
    }
    return text;
  }

  whole(name: string, least: number, most: number): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= least && value <= most))
      throw invalid(name, "is not such a number", `Give a whole number from ${least} to ${most}.`);
    return value;
  }

  decimal(name: string, least: number, most: number): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = /^\d{1,9}(\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= least && value <= most))
      throw invalid(name, "is not such a number", `Give a number from ${least} to ${most}.`);
    return value;
  }

  choice<Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined {
    const text = this.text(name);
    const chosen = choices.find((choice) => choice === text);
    if (text !== undefined && chosen === undefined) {
      throw new Failure("input.unknown_value", { field: flagName(name), value: text, choices: choices.join(", ") });
    }
    return chosen;
  }
}

/** `databaseUrl` as it is typed: `--database-url`. */
export function flagName(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function invalid(name: string, problem: string, remedy = "See --help."): Failure {
  return new Failure("input.invalid", { field: flagName(name), problem, remedy });
}
