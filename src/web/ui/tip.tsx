import { useRef, useState, type ReactNode } from "react";

import { deferred } from "./deferred.tsx";

const Bubble = deferred(async () => (await import("./bubble.ts")).Bubble);

/** Text that says more while it is pointed at or focused. */
export function Tip({ says, className, children }: { says: string; className: string; children: ReactNode }) {
  const text = useRef<HTMLSpanElement>(null);
  const [isNear, setNear] = useState(false);
  const [wasNear, setWasNear] = useState(false);
  const come = () => {
    setNear(true);
    setWasNear(true);
  };
  const go = () => setNear(false);
  return (
    <>
      <span
        ref={text}
        className={className}
        tabIndex={0}
        onPointerEnter={come}
        onFocus={come}
        onPointerLeave={go}
        onBlur={go}
      >
        {children}
      </span>
      {wasNear && <Bubble target={text} label={says} opened={isNear} />}
    </>
  );
}
