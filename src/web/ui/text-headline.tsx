import type { ReactNode } from "react";

import { Skeleton } from "./loading.tsx";

/** A fact in the headline row that is no figure: a day, a state, a word. */
export function TextHeadline({
  label,
  text,
  below,
  tone,
}: {
  label: string;
  /** Undefined while it loads. */
  text: string | undefined;
  below?: ReactNode;
  tone?: "good" | "bad" | undefined;
}) {
  return (
    <div className="headline" aria-busy={text === undefined || undefined}>
      <p className="headline-label">{label}</p>
      {text === undefined ? (
        <Skeleton height={76} />
      ) : (
        <>
          <div className="headline-figure">
            <span className="headline-text" data-tone={tone}>
              {text}
            </span>
          </div>
          <div className="headline-below">{below}</div>
        </>
      )}
    </div>
  );
}
