import { Failure } from "../domain/index.ts";

const LEAST = 12;
const MOST = 128;

/**
 * Refuses a password that is too short, too long, or among the first that a stranger would try: a common word or the
 * person's own name, alone or with digits and signs around it.
 *
 * @throws Failure `input.invalid`; the password is not repeated.
 */
export async function requireGoodPassword(password: string, about: readonly (string | null)[]): Promise<void> {
  const length = Array.from(password).length;
  if (length < LEAST || length > MOST) {
    throw refused(length < LEAST ? `is shorter than ${LEAST} characters` : `is longer than ${MOST} characters`);
  }
  const { default: common } = await import("./common-passwords.json", { with: { type: "json" } });
  const own = about.flatMap((text) => (text ?? "").toLowerCase().split(/[^\p{L}]+/u)).filter((word) => word.length > 2);
  if (isGuessable(password, new Set([...common, ...own, ...own.map((_, at) => own.slice(at).join(""))]))) {
    throw refused("is one of those that are tried first");
  }
}

/** Recommended by OWASP for argon2id: 19 MiB, two passes. */
const COST = { memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 };

/** What is kept of a password: argon2id with a salt of its own, in the PHC form. */
export async function hashPassword(password: string): Promise<string> {
  const { hash } = await import("@node-rs/argon2");
  return hash(normal(password), COST);
}

let nobodys: Promise<string> | undefined;

/** Whether this is the password; where there is none to compare with it takes the same time to say no. */
export async function isPassword(kept: string | null, password: string): Promise<boolean> {
  const { verify } = await import("@node-rs/argon2");
  if (kept !== null) return verify(kept, normal(password));
  nobodys ??= hashPassword("nobody's");
  await verify(await nobodys, normal(password));
  return false;
}

/** The same letters typed on another keyboard are the same password. */
function normal(password: string): string {
  return password.normalize("NFKC");
}

function isGuessable(password: string, words: ReadonlySet<string>): boolean {
  const typed = normal(password).toLowerCase();
  if (isRun(typed)) return true;
  // What stands around a word does not belong to it; inside, signs stand for letters.
  const inside = typed.replaceAll(/^[^\p{L}]+|[^\p{L}]+$/gu, "");
  const readings = [typed, inside.replaceAll(/[013457@$!]/g, (sign) => LOOKS_LIKE[sign]!)];
  return readings.some((text) => {
    const letters = text.replaceAll(/[^\p{L}]/gu, "");
    // Digits and signs alone are dates and telephone numbers; few letters among many digits are hardly more.
    if (letters.length < 3) return true;
    const unit = /^(.+?)\1+$/u.exec(letters)?.[1] ?? letters;
    return unit.length < 5 || words.has(letters) || words.has(unit) || words.has(letters.replace(/s$/, ""));
  });
}

const LOOKS_LIKE: Readonly<Record<string, string>> = {
  "0": "o",
  "1": "i",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  "@": "a",
  $: "s",
  "!": "i",
};

/** One character, or each the neighbour of the one before, all through: `aaaaaaaaaaaa`, `abcdefghijkl`, `210987654321`. */
function isRun(text: string): boolean {
  const codes = Array.from(text, (character) => character.codePointAt(0)!);
  const steps = codes.slice(1).map((code, at) => code - codes[at]!);
  const usual = steps.filter((step) => Math.abs(step) <= 1 || Math.abs(step) === 9).length;
  return usual >= steps.length - 1;
}

function refused(problem: string): Failure {
  return new Failure("input.invalid", {
    field: "password",
    problem,
    remedy: `Use at least ${LEAST} characters, better 15: four words that do not belong together, for example.`,
  });
}
