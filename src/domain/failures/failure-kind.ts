/** One kind of failure: what it says, and what follows from it. */
export interface FailureKind {
  /** What happened, in a sentence. `{field}` places are filled with the failure's facts. */
  readonly says: string;
  /** What to do next. */
  readonly hint: string;
  readonly status: number;
  /** 0 complete, 1 a verification that failed, 2 usage, 3 partial, 4 credential, 5 local fault. */
  readonly exit: 1 | 2 | 3 | 4 | 5;
  /** Whether the transport may ask again. */
  readonly retry: boolean;
}

export const usage = { status: 422, exit: 2, retry: false } as const;
export const partial = { status: 502, exit: 3, retry: false } as const;
export const credential = { status: 502, exit: 4, retry: false } as const;
export const local = { status: 500, exit: 5, retry: false } as const;
export const request = { exit: 2, retry: false } as const;
export const refused = { exit: 2, retry: false } as const;
export const again = { status: 502, exit: 3, retry: true } as const;
