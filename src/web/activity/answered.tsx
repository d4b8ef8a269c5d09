import type { ReactNode } from "react";

import { ErrorBox } from "../ui/index.ts";

interface Asked {
  readonly data: unknown;
  readonly isError: boolean;
  readonly error: unknown;
  readonly refetch: () => unknown;
}

/** The rest of a page, unless the answer that all of it is drawn from cannot be given: then why, once. */
export function Answered({ answer, children }: { answer: Asked; children: ReactNode }) {
  return (
    <>
      {answer.isError && <ErrorBox thrown={answer.error} onRetry={() => void answer.refetch()} />}
      {(answer.data !== undefined || !answer.isError) && children}
    </>
  );
}
