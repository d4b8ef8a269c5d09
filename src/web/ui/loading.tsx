import { useEffect, useState } from "react";

/** True once something has taken long enough to be worth a skeleton: shorter waits would only flicker. */
export function useIsSlow(waiting: boolean, afterMs = 150): boolean {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    if (!waiting) return;
    const timer = setTimeout(() => setSlow(true), afterMs);
    return () => {
      clearTimeout(timer);
      setSlow(false);
    };
  }, [waiting, afterMs]);
  return slow && waiting;
}

/** Keeps the place of what is coming, so that nothing jumps when it is there. */
export function Skeleton({ height, width }: { height: number; width?: number | string }) {
  const slow = useIsSlow(true);
  return <div className="skeleton" data-visible={slow || undefined} style={{ height, width: width ?? "100%" }} />;
}

/** A page whose code is on its way. */
export function PageLoading() {
  return (
    <div className="page" aria-busy="true">
      <span className="visually-hidden" role="status">
        Loading
      </span>
      <Skeleton height={30} width={220} />
      <Skeleton height={30} width="60%" />
      <Skeleton height={110} />
      <Skeleton height={320} />
    </div>
  );
}
