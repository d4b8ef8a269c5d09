import { useLayoutEffect, useState, type RefObject } from "react";

/** Whether the table is wider than its place. Only then may it scroll sideways: that would unpin its head. */
export function useIsWide(frame: RefObject<HTMLDivElement | null>, rows: unknown): boolean {
  const [isWide, setIsWide] = useState(false);
  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      const table = element.firstElementChild;
      setIsWide(table !== null && table.scrollWidth > element.clientWidth + 1);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [frame, rows]);
  return isWide;
}
