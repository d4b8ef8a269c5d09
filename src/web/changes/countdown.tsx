import { useEffect, useState } from "react";

import { serverNow } from "../client/index.ts";

/** Milliseconds until an instant, by the server's clock, each second anew; 0 once it is over. */
export function useRemaining(until: string): number {
  const read = () => Math.max(0, Date.parse(until) - serverNow());
  const [remaining, setRemaining] = useState(read);
  useEffect(() => {
    const tick = () => setRemaining(Math.max(0, Date.parse(until) - serverNow()));
    tick();
    const timer = setInterval(tick, 1_000);
    return () => clearInterval(timer);
  }, [until]);
  return remaining;
}

/** How long something can still be decided. */
export function Countdown({ remaining }: { remaining: number }) {
  const seconds = Math.ceil(remaining / 1_000);
  const [minutes, rest] = [Math.floor(seconds / 60), String(seconds % 60).padStart(2, "0")];
  return (
    <span className="countdown" role="timer" aria-label="Time left" data-soon={seconds <= 60 || undefined}>
      {minutes}:{rest} left
    </span>
  );
}
