/** An answer of the server that says what went wrong, as RFC 9457 describes it. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  /** Our own name of the failure, such as `access.forbidden`. */
  readonly code: string | null;
  /** The member of the input that is wrong. */
  readonly field: string | null;
  /** What to do next. */
  readonly hint: string | null;
  readonly requestId: string | null;

  constructor(status: number, body: Readonly<Record<string, unknown>>) {
    const title = text(body["title"]) ?? `The server answered with ${status}.`;
    super(title);
    this.status = status;
    this.title = title;
    this.detail = text(body["detail"]) ?? "";
    this.code = text(body["code"]);
    this.field = text(body["field"]);
    this.hint = text(body["hint"]);
    this.requestId = text(body["requestId"]);
  }
}

/** Whatever was thrown, as a problem that can be shown. */
export function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  return new Problem(0, {
    title: "Bursar cannot be reached.",
    detail: "The page keeps what it has loaded. Nothing was changed.",
    code: "web.unreachable",
    hint: "Check that the server runs and that you are on its network, then try again.",
  });
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
