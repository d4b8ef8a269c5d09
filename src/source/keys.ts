import { Failure } from "../domain/index.ts";

/** What a key may read: everything of an organization, the scopes it was made with, or what its owner's role permits. */
export type KeyKind = "admin" | "scoped" | "personal";

interface Mistake {
  readonly looksLike: (text: string) => boolean;
  /** What it is. Never the value, not even a part of it. */
  readonly says: string;
  /** What is needed, and where to make it. */
  readonly remedy: string;
}

const LONGEST = 512;
/** Real ones have about a hundred characters; the emulator's test keys fewer. */
const SHORTEST = 24;

const MAKE_ONE =
  "An Admin key (sk-ant-admin…) is needed: an organization admin makes one in the Claude Console under Settings, Admin keys.";
const PASTE_AGAIN = "Copy the whole key again, nothing else; it is shown only once, when it is made.";

const startsWith =
  (...prefixes: string[]) =>
  (text: string): boolean =>
    prefixes.some((prefix) => text.startsWith(prefix));

/** In this order: what is wrong with the pasting comes before what kind of key it is. */
const MISTAKES: readonly Mistake[] = [
  { looksLike: (text) => text === "", says: "No key was given.", remedy: MAKE_ONE },
  { looksLike: (text) => /^\s+$/.test(text), says: "Only white space was given.", remedy: PASTE_AGAIN },
  {
    looksLike: (text) => text.length > LONGEST,
    says: "This is far too long for a key; a whole file may have been pasted.",
    remedy: PASTE_AGAIN,
  },
  {
    looksLike: (text) => /^(["'`]).*\1$/s.test(text),
    says: "The key stands in quotes.",
    remedy: "Paste it without the quotes around it.",
  },
  {
    looksLike: startsWith("-----BEGIN"),
    says: "This is a PEM key or certificate, not a key of the API.",
    remedy: MAKE_ONE,
  },
  {
    looksLike: (text) => /^(Bearer|x-api-key:|Authorization:)\s/i.test(text),
    says: "This is a whole header, not the key alone.",
    remedy: "Paste only the part that begins with sk-ant-.",
  },
  {
    looksLike: (text) => /^(export\s+)?[A-Z][A-Z0-9_]*=/.test(text),
    says: "This is an assignment from a settings file, not the key alone.",
    remedy: "Paste only the part behind the equals sign.",
  },
  {
    looksLike: (text) => /\s/.test(text),
    says: "There is a space or a line break in the key.",
    remedy: PASTE_AGAIN,
  },
  {
    looksLike: (text) => /^sk-ant-.*(\.\.\.|…|\*{3})/.test(text),
    says: "This is the masked hint of a key, not the key: its middle is left out.",
    remedy:
      "A masked key cannot be used and cannot be shown again. Make a new Admin key in the Claude Console under Settings, Admin keys.",
  },
  {
    looksLike: (text) => /[^\x21-\x7e]/.test(text),
    says: "There is a character in the key that no key has, such as a curly quote or a long dash that a word processor put in.",
    remedy: PASTE_AGAIN,
  },
  {
    looksLike: startsWith("sk-ant-oat"),
    says: "This is an OAuth access token, such as Claude Code signs in with. It ends within hours.",
    remedy: MAKE_ONE,
  },
  {
    looksLike: startsWith("sk-ant-ort"),
    says: "This is an OAuth refresh token, which belongs to one sign-in of one person.",
    remedy: MAKE_ONE,
  },
  {
    looksLike: startsWith("sk-ant-sid"),
    says: "This is the session cookie of a browser. Whoever has it is signed in as you: sign out to end it.",
    remedy: MAKE_ONE,
  },
  {
    looksLike: startsWith("sk-ant-ccak", "sk-ant-compliance"),
    says: "This is a key of the Compliance API, which does not read usage or cost.",
    remedy: MAKE_ONE,
  },
  {
    looksLike: startsWith("apikey_"),
    says: "This is the id of a key, not its secret.",
    remedy: MAKE_ONE,
  },
  {
    looksLike: startsWith("wrkspc_", "user_", "org_", "svac_", "req_", "invite_"),
    says: "This is the id of an object, not a key.",
    remedy: MAKE_ONE,
  },
  {
    looksLike: (text) => /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text),
    says: "This is a UUID, such as an organization's id, not a key.",
    remedy: MAKE_ONE,
  },
  { looksLike: startsWith("sk-or-"), says: "This is a key of OpenRouter.", remedy: MAKE_ONE },
  {
    looksLike: (text) => text.startsWith("sk-") && !text.startsWith("sk-ant"),
    says: "This is a key of another provider, probably OpenAI.",
    remedy: MAKE_ONE,
  },
  { looksLike: (text) => /^A[KS]IA[A-Z0-9]{12,}$/.test(text), says: "This is an AWS access key id.", remedy: MAKE_ONE },
  { looksLike: startsWith("AIza"), says: "This is a Google API key.", remedy: MAKE_ONE },
  {
    looksLike: (text) => /^(gh[pousr]_|github_pat_)/.test(text),
    says: "This is a GitHub token.",
    remedy: MAKE_ONE,
  },
  { looksLike: (text) => /^xox[abprs]-/.test(text), says: "This is a Slack token.", remedy: MAKE_ONE },
  {
    looksLike: (text) => /^eyJ[\w-]*\.[\w-]*(\.[\w-]*)?$/.test(text),
    says: "This is a signed web token (JWT), not a key.",
    remedy: MAKE_ONE,
  },
  { looksLike: (text) => /^https?:\/\//i.test(text), says: "This is a web address, not a key.", remedy: MAKE_ONE },
  {
    looksLike: (text) => /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(text),
    says: "This is an e-mail address, not a key.",
    remedy: MAKE_ONE,
  },
];

const WORKSPACE_KEY: Mistake = {
  looksLike: startsWith("sk-ant-api03"),
  says: "This is an API key for calling models, which the Admin API refuses.",
  remedy: `${MAKE_ONE} If it is a personal or service-account key bound to no workspace, say so (on the command line with --kind personal).`,
};

/**
 * Says what kind of key a text is, before any request is made with it.
 *
 * @param options.kind `personal` lets an `sk-ant-api03-…` key pass: personal and service-account keys have that shape,
 * and only upstream knows whether one may read the Admin API.
 * @throws Failure `source.key_kind`, which says what it is instead and what is needed. The value is never repeated.
 */
export function recogniseKey(key: string, options: { readonly kind?: KeyKind } = {}): KeyKind {
  const mistake = MISTAKES.find(({ looksLike }) => looksLike(key));
  if (mistake) throw refused(mistake);
  const kind = kindOf(key, options.kind);
  if (typeof kind !== "string") throw refused(kind);
  if (key.length < SHORTEST) {
    throw refused({ says: "This is only the beginning of a key: it is too short.", remedy: PASTE_AGAIN });
  }
  return kind;
}

function kindOf(key: string, asked: KeyKind | undefined): KeyKind | Pick<Mistake, "says" | "remedy"> {
  if (key.startsWith("sk-ant-admin")) return "admin";
  if (key.startsWith("sk-ant-api01-")) return "scoped";
  if (WORKSPACE_KEY.looksLike(key)) return asked === "personal" ? "personal" : WORKSPACE_KEY;
  if (key.startsWith("sk-ant-")) {
    return { says: "This is a key of Anthropic of a kind that Bursar does not know.", remedy: MAKE_ONE };
  }
  return { says: "This is not a key of Anthropic: those begin with sk-ant-.", remedy: MAKE_ONE };
}

function refused({ says, remedy }: Pick<Mistake, "says" | "remedy">): Failure {
  return new Failure("source.key_kind", { says, remedy });
}
